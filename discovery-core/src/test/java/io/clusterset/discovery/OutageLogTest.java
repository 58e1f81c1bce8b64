package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.observe.Lines;
import io.clusterset.discovery.scenario.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outage is found in the log, and does not fill it. */
class OutageLogTest {

    private static final String[] LOCAL = {"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"};

    private final Lines log = new Lines();
    private final World world = new World(builder -> builder.log(log));

    @AfterEach
    void leavesNothingBehind() {
        world.close();
        assertThat(world.time.pending()).isZero();
    }

    private List<Service> tenServices() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found("10.1.0.1:80"));
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            services.add(world.discovery.service("s" + i + ".shop"));
        }
        pass(services, 60);
        return services;
    }

    private void pass(List<Service> services, int seconds) {
        for (int i = 0; i < seconds * 10; i++) {
            services.forEach(world::call);
            world.pass(100);
        }
    }

    @Test
    void tenMinutesOfDeadEndpointsOfTenServices() {
        List<Service> services = tenServices();
        log.all.clear();
        world.kill(LOCAL);
        pass(services, 600);
        world.down.clear();
        pass(services, 300);
        assertThat(services).allMatch(service -> world.call(service).equals("local"));
        assertThat(log.all).hasSizeLessThanOrEqualTo(100);
        for (int i = 0; i < 10; i++) {
            String name = "s" + i + ".shop";
            assertThat(log.all)
                    .anyMatch(line -> line.startsWith("INFO " + name + ": local 0 of 3 healthy (10.0.0.1:80: "))
                    .anyMatch(line -> line.startsWith("INFO " + name + ": load local 0 % clusterset 100 %"))
                    .anyMatch(line -> line.startsWith("INFO " + name + ": load local 100 % clusterset 0 %"));
        }
    }

    @Test
    void tenMinutesWithoutDnsOfTenServices() {
        List<Service> services = tenServices();
        log.all.clear();
        world.local.says(World.servfail());
        world.clusterset.says(World.servfail());
        pass(services, 600);
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found("10.1.0.1:80"));
        pass(services, 300);
        assertThat(log.all).hasSizeLessThanOrEqualTo(100).anyMatch(line -> line.contains("SERVFAIL from 10.96.0.10"));
        assertThat(log.all).as("nothing moved").noneMatch(line -> line.contains(": load "));
    }

    @Test
    void tenMinutesOfAHomeThatComesAndGoes() {
        List<Service> services = tenServices();
        log.all.clear();
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < 6; i++) {
                world.local.says(World.servfail());
                pass(services, 5);
                world.local.says(World.found(LOCAL));
                pass(services, 5);
            }
        }
        assertThat(log.all).as("a line a minute and kind").hasSizeLessThanOrEqualTo(10 * 11);
    }
}

package io.clusterset.discovery.kubernetes;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Any octets from the API server: read, or refused with an IOException, and cheaply either way; what is read has no address
 * that nobody may have, and rules make an answer of it.
 */
class JsonFuzzTest {

    private static final int FIXED = 512 * 1024;

    /** An item of two octets that makes no sense becomes a sentence that says so. More than this is a bomb. */
    private static final int PER_OCTET = 2_048;

    private static final int MOST_ENDPOINTS = 1_000;
    private static final int MOST_PORTS = 100;
    private static final int MOST_SAID = 300;

    private static final Asked ASKED = new Asked(List.of("all"), "api", Duration.ofDays(2));
    private static final List<Kind<?>> KINDS = List.of(Kind.ENDPOINT_SLICES, Kind.SERVICES, Kind.SERVICE_IMPORTS);
    private static final List<Optional<Port.Number>> PORTS =
            List.of(Optional.empty(), Optional.of(new Port.Number(80)));

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @FuzzTest
    void anyOctetsAreReadOrRefusedAndCheaply(byte[] octets) {
        for (Kind<?> kind : KINDS) {
            cheaply(octets, () -> Json.page(octets, kind));
            cheaply(octets, () -> Json.change(octets, kind));
        }
        cheaply(octets, () -> ApiGroup.servedVersions(octets));
        if (Json.status(500, octets, Optional.empty()).message().length() > MOST_SAID) {
            throw new AssertionError("a message of more than " + MOST_SAID + " characters");
        }
        sanely(octets);
    }

    private static void cheaply(byte[] octets, Reading reading) {
        long most = FIXED + (long) PER_OCTET * octets.length;
        long garbage = garbage(reading);
        // What costs too much is read once more: the first time may have loaded classes.
        if (garbage > most) {
            garbage = garbage(reading);
        }
        if (garbage > most) {
            throw new AssertionError(
                    octets.length + " octets: " + garbage + " bytes of garbage (expected: at most " + most + ")");
        }
    }

    private static long garbage(Reading reading) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        try {
            reading.read();
        } catch (IOException refused) {
            if (refused.getMessage() == null) {
                throw new AssertionError("refused without a word", refused);
            }
        }
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }

    private static void sanely(byte[] octets) {
        List<Item<EndpointSlice>> slices = read(octets, Kind.ENDPOINT_SLICES);
        slices.forEach(item -> sane(item.object()));
        List<Item<ServiceObject>> services = read(octets, Kind.SERVICES);
        List<Item<ServiceImport>> imports = read(octets, Kind.SERVICE_IMPORTS);
        Optional<ServiceObject> service = services.stream().map(Item::object).findFirst();
        Optional<ServiceImport> imported = imports.stream().map(Item::object).findFirst();
        for (Optional<Port.Number> port : PORTS) {
            Question question = new Question("t", "s.n", "", Optional.empty(), List.of(), port);
            whole(new LocalRules(question, "s", 80, address -> false).answer(service, slices, ASKED));
            whole(new ImportedRules(question, "s", "west", 80, address -> false)
                    .answer(imported, slices, slices, service, ASKED));
        }
    }

    /** As a page, and else as a change. */
    private static <T> List<Item<T>> read(byte[] octets, Kind<T> kind) {
        try {
            return Json.page(octets, kind).items();
        } catch (IOException noPage) {
            try {
                return Json.change(octets, kind) instanceof Change.Put<T> put ? List.of(put.item()) : List.of();
            } catch (IOException refused) {
                return List.of();
            }
        }
    }

    private static void sane(EndpointSlice slice) {
        if (slice.endpoints().size() > MOST_ENDPOINTS || slice.ports().size() > MOST_PORTS) {
            throw new AssertionError("more than a slice may have: " + slice);
        }
        for (Endpoint endpoint : slice.endpoints()) {
            String kind = Addresses.special(endpoint.address());
            if (!kind.isEmpty() && !kind.equals("reserved")) {
                throw new AssertionError(kind + ": " + endpoint);
            }
        }
    }

    private static void whole(Resolution answer) {
        for (Endpoint endpoint : answer.endpoints()) {
            if (endpoint.port() == 0) {
                throw new AssertionError("no port: " + endpoint);
            }
        }
    }

    private interface Reading {
        Object read() throws IOException;
    }
}

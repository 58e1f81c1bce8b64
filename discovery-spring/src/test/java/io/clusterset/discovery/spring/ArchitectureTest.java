package io.clusterset.discovery.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.clusterset.discovery.spring.fixtures.Breaches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.core.io.ClassPathResource;

/** What the rooms see of the core and of each other; each law is held against {@link Breaches}, too. */
class ArchitectureTest {

    private static final String ROOT = "io.clusterset.discovery";
    private static final String OURS = ROOT + ".spring";

    /** The table: packages of the core and of its page, named relative to its root, which may be seen as well. */
    private static final Set<String> OF_CORE = Set.of("call", "config", "model", "observe", "page", "time");

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);

    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(OURS + ".fixtures");

    private static ArchRule onlyTheTablesPackagesOfTheCoreAreSeen() {
        return seesNo(
                "package of the core that the table does not list",
                (from, seen) -> isBelow(ROOT, seen)
                        && !isBelow(OURS, seen)
                        && !seen.getPackageName().equals(ROOT)
                        && !OF_CORE.contains(seen.getPackageName().substring(ROOT.length() + 1))
                        && !seen.getSimpleName().endsWith("Options"));
    }

    private static ArchRule roomsDoNotSeeEachOther() {
        return seesNo(
                "other room",
                (from, seen) -> isBelow(OURS, seen)
                        && !seen.getPackageName().equals(OURS)
                        && !seen.getPackageName().equals(from.getPackageName()));
    }

    private static ArchRule nobodyReflects() {
        return seesNo(
                "reflection",
                (from, seen) -> isBelow("java.lang.reflect", seen)
                        || (isBelow("java.lang.invoke", seen)
                                && seen.getSimpleName().equals("MethodHandles")));
    }

    private static ArchRule nobodyParksThreads() {
        return seesNo(
                "parked threads", (from, seen) -> seen.getName().equals("java.util.concurrent.locks.LockSupport"));
    }

    private static ArchRule publicTypesMayNotBeExtended() {
        return classes()
                .that(DescribedPredicate.describe(
                        "are public classes", javaClass -> isPublic(javaClass) && !javaClass.isInterface()))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .allowEmptyShould(true); // so few are public
    }

    private static ArchRule autoConfigurationsAreNobodysToImport() {
        return classes().that().areAnnotatedWith(AutoConfiguration.class).should(new ArchCondition<>("not be public") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                if (isPublic(item)) {
                    events.add(SimpleConditionEvent.violated(item, item.getName() + " is public"));
                }
            }
        });
    }

    @Test
    void productionKeepsTheLaws() {
        assertThat(PRODUCTION).isNotEmpty();
        Stream.of(
                        onlyTheTablesPackagesOfTheCoreAreSeen(),
                        roomsDoNotSeeEachOther(),
                        nobodyReflects(),
                        nobodyParksThreads(),
                        publicTypesMayNotBeExtended(),
                        autoConfigurationsAreNobodysToImport())
                .forEach(law -> law.check(PRODUCTION));
    }

    @Test
    void eachLawCanBeBroken() {
        assertBroken(onlyTheTablesPackagesOfTheCoreAreSeen(), "SeesTheBalancers");
        assertBroken(nobodyReflects(), "Reflects");
        assertBroken(nobodyParksThreads(), "Waits");
        assertBroken(publicTypesMayNotBeExtended(), "MayBeExtended");
        assertBroken(autoConfigurationsAreNobodysToImport(), "OpenAutoConfiguration");
        assertBroken(roomsDoNotSeeEachOther(), "SeesAnotherRoom");
    }

    private static void assertBroken(ArchRule law, String by) {
        List<String> violations = law.evaluate(FIXTURES).getFailureReport().getDetails();
        assertThat(violations).isNotEmpty().allMatch(violation -> violation.contains("Breaches$" + by));
    }

    /** What a user can type, and nothing else. */
    @Test
    void oneTypeIsPublic() {
        assertThat(PRODUCTION.stream().filter(ArchitectureTest::isPublic).map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("DiscoveryBuilderCustomizer");
    }

    @Test
    void everyAutoConfigurationIsListed() throws IOException {
        String listed = new ClassPathResource(
                        "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports")
                .getContentAsString(StandardCharsets.UTF_8);
        assertThat(listed.lines())
                .containsExactlyElementsOf(PRODUCTION.stream()
                        .filter(javaClass -> javaClass.isAnnotatedWith(AutoConfiguration.class))
                        .map(JavaClass::getName)
                        .sorted()
                        .toList());
    }

    @Test
    void everyManagementContextConfigurationIsListed() throws IOException {
        String listed = new ClassPathResource(
                        "META-INF/spring/org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration"
                                + ".imports")
                .getContentAsString(StandardCharsets.UTF_8);
        assertThat(listed.lines())
                .isNotEmpty()
                .containsExactlyElementsOf(PRODUCTION.stream()
                        .filter(javaClass -> javaClass.isAnnotatedWith(ManagementContextConfiguration.class))
                        .map(JavaClass::getName)
                        .sorted()
                        .toList());
    }

    private static boolean isPublic(JavaClass javaClass) {
        return javaClass.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean isBelow(String javaPackage, JavaClass javaClass) {
        String name = javaClass.getPackageName();
        return name.equals(javaPackage) || name.startsWith(javaPackage + ".");
    }

    private static ArchRule seesNo(String what, BiPredicate<JavaClass, JavaClass> forbidden) {
        return classes().should(new ArchCondition<>("see no " + what) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    if (forbidden.test(item, dependency.getTargetClass().getBaseComponentType())) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        });
    }
}

package io.clusterset.discovery.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Each law, held against a fixture that breaks it and, beside it, what must not be mistaken for a breach. */
final class RulesBiteTest {
    private static final String FIXTURES = "io.clusterset.discovery.architecture.fixtures.";

    @Test
    void anImportTheTableDoesNotListIsFound() {
        List<String> violations = violations(PackageRules::importsFollowTheTable, "table");

        assertThat(violations).anyMatch(about("table.cache.RemembersByAskingDns")); // two sources can't see each other
        assertThat(violations).anyMatch(about("table.model.ReachesForTheWiring")); // nobody imports the root
        assertThat(violations).anyMatch(about("table.topology.KnowsTime")); // not even the time, unless listed
        assertThat(violations)
                .anyMatch(about("table.unlisted.KnowsTime")); // a package without a row may import nothing
        assertThat(violations).noneMatch(about("table.dns.AsksOverIo"));
        assertThat(violations).noneMatch(about("table.Wiring"));
    }

    @Test
    void aPackageWithoutARowIsFound() {
        assertThat(violations(PackageRules::everyPackageIsInTheTable, "table"))
                .singleElement()
                .asString()
                .contains(root("table") + ".unlisted");
    }

    @Test
    void aLibrarySeenByTheWrongPackageIsFound() {
        List<String> violations = violations(PackageRules::librariesAreSeenOnlyByTheirPackage, "library");

        assertThat(violations).anyMatch(about("library.balance.SeesDnsjava"));
        assertThat(violations).anyMatch(about("library.balance.SeesCaffeine"));
        assertThat(violations).noneMatch(about("library.dns.MaySeeDnsjava"));
        assertThat(violations).noneMatch(about("library.cache.MaySeeCaffeine"));
        assertThat(violations).noneMatch(about("library.RootMaySeeCaffeine"));
    }

    @Test
    void aCycleBetweenPackagesIsFound() {
        assertThat(violations(PackageRules::packagesAreFreeOfCycles, "cycle"))
                .singleElement()
                .asString()
                .contains("cycle.hen", "cycle.egg");
    }

    @Test
    void aPackageThatIsNotNullMarkedIsFound() {
        List<String> violations = violations(PackageRules::everyPackageIsNullMarked, "nullness");

        assertThat(violations).hasSize(2);
        assertThat(violations).anyMatch(about("nullness.bare"));
        assertThat(violations).anyMatch(about("nullness.unmarked"));
    }

    @Test
    void everyWayToReadTheClockOrSleepIsFound() {
        List<String> violations = violations(CallRules::onlyTimeReadsTheClockOrSleeps, "clock");

        assertEachMethodIsFound("clock", "balance.ReadsTheClock", violations);
        assertThat(violations).noneMatch(about("clock.balance.IsToldTheTime"));
        assertThat(violations).noneMatch(about("clock.time.MayReadTheClock"));
    }

    @Test
    void everyWayToTouchTheSurroundingsIsFound() {
        List<String> violations = violations(CallRules::nobodyTouchesTheSurroundings, "surroundings");

        assertEachMethodIsFound("surroundings", "TouchesThem", violations);
        assertThat(violations).noneMatch(about("surroundings.LeavesThemAlone"));
    }

    @Test
    void aConcreteClassThatIsNotFinalIsFound() {
        List<String> violations = violations(ShapeRules::concreteClassesAreFinal, "shape");

        assertThat(violations).hasSize(2);
        assertThat(violations).anyMatch(about("shape.OpenDoor"));
        assertThat(violations).anyMatch(about("shape.OpenRoom"));
    }

    @Test
    void aNameThatIsNotANounIsFound() {
        assertThat(violations(ShapeRules::namesAreNouns, "naming")).hasSize(5);
    }

    private static List<String> violations(Function<String, ArchRule> law, String fixture) {
        return law.apply(root(fixture))
                .evaluate(classesOf(fixture))
                .getFailureReport()
                .getDetails();
    }

    private static JavaClasses classesOf(String fixture) {
        return new ClassFileImporter().importPackages(root(fixture));
    }

    private static String root(String fixture) {
        return FIXTURES + fixture;
    }

    private static void assertEachMethodIsFound(String fixture, String className, List<String> violations) {
        JavaClass offender = classesOf(fixture).get(root(fixture) + "." + className);

        assertThat(offender.getMethods()).isNotEmpty();
        for (JavaMethod method : offender.getMethods()) {
            assertThat(violations).anyMatch(violation -> violation.contains("<" + method.getFullName() + ">"));
        }
    }

    /** The class or package that a violation blames is the first of the fixtures' that its text names. */
    private static Predicate<String> about(String blamed) {
        return violation -> violation.startsWith(blamed, violation.indexOf(FIXTURES) + FIXTURES.length());
    }
}

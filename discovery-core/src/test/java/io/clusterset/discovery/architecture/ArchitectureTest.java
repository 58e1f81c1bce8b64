package io.clusterset.discovery.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The core keeps its laws. That they can be broken is shown by {@link RulesBiteTest}. */
final class ArchitectureTest {
    private static final String ROOT = "io.clusterset.discovery";

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("discovery/testkit/"))
            .importPackages(ROOT);

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("architecture/fixtures/"))
            .importPackages(ROOT);

    static Stream<Named<Function<String, ArchRule>>> laws() {
        return Stream.of(
                Named.of("imports follow the table", PackageRules::importsFollowTheTable),
                Named.of("every package is in the table", PackageRules::everyPackageIsInTheTable),
                Named.of("libraries are seen only by their package", PackageRules::librariesAreSeenOnlyByTheirPackage),
                Named.of("packages are free of cycles", PackageRules::packagesAreFreeOfCycles),
                Named.of("every package is null-marked", PackageRules::everyPackageIsNullMarked),
                Named.of("only time reads the clock or sleeps", CallRules::onlyTimeReadsTheClockOrSleeps),
                Named.of("nobody touches the surroundings", CallRules::nobodyTouchesTheSurroundings),
                Named.of("concrete classes are final", ShapeRules::concreteClassesAreFinal),
                Named.of("names are nouns", ShapeRules::namesAreNouns));
    }

    @ParameterizedTest
    @MethodSource("laws")
    void productionKeeps(Function<String, ArchRule> law) {
        law.apply(ROOT).check(PRODUCTION);
    }

    @Test
    void testsSleepOnlyInIntegrationTests() {
        JavaClasses quick = TESTS.that(DescribedPredicate.describe(
                "are not of an integration test",
                javaClass -> !outermost(javaClass).getSimpleName().endsWith("IT")));

        CallRules.onlyTimeReadsTheClockOrSleeps(ROOT).check(quick);
    }

    @Test
    void productionAndTestsAreToldApart() {
        assertThat(PRODUCTION).noneMatch(javaClass -> javaClass.getName().endsWith("Test"));
        assertThat(TESTS.contain(ArchitectureTest.class)).isTrue();
        assertThat(TESTS).noneMatch(javaClass -> javaClass.getPackageName().contains("fixtures"));
    }

    private static JavaClass outermost(JavaClass javaClass) {
        return javaClass.getEnclosingClass().map(ArchitectureTest::outermost).orElse(javaClass);
    }
}

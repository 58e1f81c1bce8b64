package io.clusterset.discovery.page;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.clusterset.discovery.page.fixtures.Breaches;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page sees of the core and of the world, and what is seen of it; each law is held against {@link Breaches}, too. */
class ArchitectureTest {

    private static final String ROOT = "io.clusterset.discovery";
    private static final String OURS = ROOT + ".page";

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);

    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(OURS + ".fixtures");

    private static ArchRule ofTheCoreItSeesWhatAnOnlookerNeeds() {
        return classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        OURS + "..",
                        ROOT,
                        ROOT + ".model",
                        ROOT + ".observe",
                        ROOT + ".time",
                        "java..",
                        "com.sun.net.httpserver",
                        "org.jspecify.annotations",
                        "com.fasterxml..");
    }

    private static ArchRule noLibraryIsSeen() {
        return noClasses().should().dependOnClassesThat().resideInAnyPackage("com.fasterxml..", "org.slf4j..");
    }

    private static ArchRule nobodyReadsTheClock() {
        return noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class);
    }

    private static ArchRule classesAreFinal() {
        return classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .should()
                .haveModifier(JavaModifier.FINAL);
    }

    @Test
    void productionKeepsTheLaws() {
        assertThat(PRODUCTION).isNotEmpty();
        Stream.of(ofTheCoreItSeesWhatAnOnlookerNeeds(), noLibraryIsSeen(), nobodyReadsTheClock(), classesAreFinal())
                .forEach(law -> law.check(PRODUCTION));
    }

    @Test
    void eachLawCanBeBroken() {
        assertBroken(ofTheCoreItSeesWhatAnOnlookerNeeds(), "SeesDns");
        assertBroken(noLibraryIsSeen(), "SeesALibrary");
        assertBroken(nobodyReadsTheClock(), "ReadsTheClock");
        assertBroken(classesAreFinal(), "MayBeExtended");
    }

    private static void assertBroken(ArchRule law, String by) {
        List<String> violations = law.evaluate(FIXTURES).getFailureReport().getDetails();
        assertThat(violations).isNotEmpty().allMatch(violation -> violation.contains("Breaches$" + by));
    }

    @Test
    void twoTypesArePublic() {
        assertThat(PRODUCTION.stream()
                        .filter(javaClass -> javaClass.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("DiscoveryPage", "PageServer");
    }
}

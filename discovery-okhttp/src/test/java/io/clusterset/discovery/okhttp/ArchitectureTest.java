package io.clusterset.discovery.okhttp;

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
import io.clusterset.discovery.okhttp.fixtures.Breaches;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.EventListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the adapter sees of the core and of OkHttp, and what is seen of it; each law is held against {@link Breaches}, too. */
@Isolated("reads all classes: others would seem slow")
class ArchitectureTest {

    private static final String ROOT = "io.clusterset.discovery";
    private static final String OURS = ROOT + ".okhttp";

    /** The table: packages of the core, named relative to its root, which may be seen as well. */
    private static final Set<String> OF_CORE = Set.of("call", "model", "time");

    /** Of {@code okio}, what OkHttp's own signatures have, and its watchdog, which runs anyway. */
    private static final Set<String> OF_OKIO = Set.of("okio.AsyncTimeout", "okio.BufferedSource", "okio.Timeout");

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);

    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(OURS + ".fixtures");

    private static ArchRule onlyTheTablesPackagesOfTheCoreAreSeen() {
        return seesNo(
                "package of the core that the table does not list",
                seen -> isBelow(ROOT, seen)
                        && !isBelow(OURS, seen)
                        && !seen.getPackageName().equals(ROOT)
                        && !OF_CORE.contains(seen.getPackageName().substring(ROOT.length() + 1))
                        && !seen.getSimpleName().endsWith("Options"));
    }

    private static ArchRule noInternalsOfOkHttpAreSeen() {
        return seesNo("internals of OkHttp", seen -> isBelow("okhttp3.internal", seen));
    }

    private static ArchRule okioIsSeenWhereOkHttpsSignaturesHaveIt() {
        return seesNo(
                "okio but for what OkHttp's signatures have",
                seen -> isBelow("okio", seen) && !OF_OKIO.contains(seen.getName()));
    }

    private static ArchRule nobodyReflects() {
        return seesNo(
                "reflection",
                seen -> isBelow("java.lang.reflect", seen)
                        || (isBelow("java.lang.invoke", seen)
                                && seen.getSimpleName().equals("MethodHandles")));
    }

    private static ArchRule publicTypesAreFinal() {
        return classes()
                .that(DescribedPredicate.describe(
                        "are public", javaClass -> javaClass.getModifiers().contains(JavaModifier.PUBLIC)))
                .should()
                .haveModifier(JavaModifier.FINAL);
    }

    static Stream<ArchRule> laws() {
        return Stream.of(
                onlyTheTablesPackagesOfTheCoreAreSeen(),
                noInternalsOfOkHttpAreSeen(),
                okioIsSeenWhereOkHttpsSignaturesHaveIt(),
                nobodyReflects(),
                publicTypesAreFinal());
    }

    @Test
    void productionKeepsTheLaws() {
        assertThat(PRODUCTION).isNotEmpty();
        laws().forEach(law -> law.check(PRODUCTION));
    }

    @Test
    void eachLawCanBeBroken() {
        assertBroken(onlyTheTablesPackagesOfTheCoreAreSeen(), "SeesTheBalancers");
        assertBroken(noInternalsOfOkHttpAreSeen(), "SeesInternals");
        assertBroken(okioIsSeenWhereOkHttpsSignaturesHaveIt(), "SeesOkio");
        assertBroken(nobodyReflects(), "Reflects");
        assertBroken(publicTypesAreFinal(), "MayBeExtended");
    }

    private static void assertBroken(ArchRule law, String by) {
        List<String> violations = law.evaluate(FIXTURES).getFailureReport().getDetails();
        assertThat(violations).isNotEmpty().allMatch(violation -> violation.contains("Breaches$" + by));
    }

    @Test
    void fourTypesArePublic() {
        assertThat(PRODUCTION.stream()
                        .filter(javaClass -> javaClass.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("DiscoveryOkHttp", "DiscoveryDns", "DiscoveryInterceptor", "CallAttempt");
    }

    /** OkHttp's events, those of a later version included: whoever raises the version is told what is not handed on. */
    @Test
    void everyEventIsHandedOn() {
        Set<String> events = Stream.of(EventListener.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isFinal(method.getModifiers()))
                .map(method -> method.getName() + List.of(method.getParameterTypes()))
                .collect(Collectors.toSet());
        assertThat(events).hasSizeGreaterThan(30);

        assertThat(Stream.of(ForwardingListener.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(method -> method.getName() + List.of(method.getParameterTypes())))
                .containsExactlyInAnyOrderElementsOf(events);
        for (Class<?> link : List.of(ForwardingListener.class, ConnectWatch.class, Observer.class)) {
            PRODUCTION.get(link).getMethods().stream()
                    .filter(method -> events.stream().anyMatch(event -> event.startsWith(method.getName() + "[")))
                    .forEach(method -> assertThat(method.getMethodCallsFromSelf())
                            .as(method.getFullName() + " goes on to the next listener")
                            .anyMatch(call -> call.getTarget().getName().equals(method.getName())
                                    && call.getTarget().getRawParameterTypes().equals(method.getRawParameterTypes())));
        }
    }

    private static boolean isBelow(String javaPackage, JavaClass javaClass) {
        String name = javaClass.getPackageName();
        return name.equals(javaPackage) || name.startsWith(javaPackage + ".");
    }

    private static ArchRule seesNo(String what, Predicate<JavaClass> forbidden) {
        return classes().should(new ArchCondition<>("see no " + what) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    if (forbidden.test(dependency.getTargetClass().getBaseComponentType())) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        });
    }
}

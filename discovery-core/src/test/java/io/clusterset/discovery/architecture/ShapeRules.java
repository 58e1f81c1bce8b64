package io.clusterset.discovery.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;

/** What a class looks like from outside. */
final class ShapeRules {
    private ShapeRules() {}

    /** Nobody extends by accident: what may be extended says so by being abstract or an interface. */
    static ArchRule concreteClassesAreFinal(String root) {
        return classes()
                .that(below(root))
                .and(DescribedPredicate.describe("are concrete and top level", ShapeRules::isConcreteAndTopLevel))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .allowEmptyShould(true);
    }

    /** Such a name says that nobody found the noun. */
    static ArchRule namesAreNouns(String root) {
        return classes()
                .that(below(root))
                .should()
                .haveNameNotMatching(".*(Impl|Utils?|Manager|Helper)(\\$.*)?")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> below(String root) {
        return DescribedPredicate.describe("are below " + root, javaClass -> PackageRules.isBelow(root, javaClass));
    }

    private static boolean isConcreteAndTopLevel(JavaClass javaClass) {
        return javaClass.isTopLevelClass()
                && !javaClass.isInterface()
                && !javaClass.isRecord()
                && !javaClass.isEnum()
                && !javaClass.getModifiers().contains(JavaModifier.ABSTRACT)
                && !javaClass.isAssignableTo(Throwable.class);
    }
}

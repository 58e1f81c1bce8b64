package io.clusterset.discovery.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.NullMarked;

/** How packages may depend on each other and on libraries, and what each must declare. */
final class PackageRules {
    private PackageRules() {}

    static ArchRule importsFollowTheTable(String root) {
        BiPredicate<JavaClass, JavaClass> forbidden = (importer, imported) -> isBelow(root, imported)
                && !PackageTable.allows(
                        PackageTable.rowOf(root, importer.getPackageName()),
                        PackageTable.rowOf(root, imported.getPackageName()));
        return classes()
                .that(belowRoot(root))
                .should(notDependOn("what the table does not list for their package", forbidden))
                .allowEmptyShould(true);
    }

    static ArchRule librariesAreSeenOnlyByTheirPackage(String root) {
        BiPredicate<JavaClass, JavaClass> forbidden = (importer, imported) -> PackageTable.guardedLibraries().stream()
                .filter(library -> isBelow(library, imported))
                .anyMatch(
                        library -> !PackageTable.maySee(PackageTable.rowOf(root, importer.getPackageName()), library));
        return classes()
                .that(belowRoot(root))
                .should(notDependOn("a library that the table keeps for another package", forbidden))
                .allowEmptyShould(true);
    }

    static ArchRule everyPackageIsInTheTable(String root) {
        return all(packagesBelow(root))
                .should(new ArchCondition<>("be in the table") {
                    @Override
                    public void check(JavaPackage item, ConditionEvents events) {
                        if (!PackageTable.lists(PackageTable.rowOf(root, item.getName()))) {
                            events.add(
                                    SimpleConditionEvent.violated(item, item.getName() + " has no row in the table"));
                        }
                    }
                })
                .allowEmptyShould(true);
    }

    static ArchRule everyPackageIsNullMarked(String root) {
        return all(packagesBelow(root))
                .should(new ArchCondition<>("have a package-info annotated @NullMarked") {
                    @Override
                    public void check(JavaPackage item, ConditionEvents events) {
                        if (!item.isAnnotatedWith(NullMarked.class)) {
                            events.add(SimpleConditionEvent.violated(
                                    item, item.getName() + " has no package-info annotated @NullMarked"));
                        }
                    }
                })
                .allowEmptyShould(true);
    }

    /** One slice per package, the root's own included: a coarser slice hides the cycles inside it. */
    static ArchRule packagesAreFreeOfCycles(String root) {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        return isBelow(root, javaClass)
                                ? SliceIdentifier.of(javaClass.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "one slice per package";
                    }
                })
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    static boolean isBelow(String root, JavaClass javaClass) {
        String name = javaClass.getBaseComponentType().getPackageName();
        return name.equals(root) || name.startsWith(root + ".");
    }

    private static DescribedPredicate<JavaClass> belowRoot(String root) {
        return DescribedPredicate.describe("are below " + root, javaClass -> isBelow(root, javaClass));
    }

    private static ArchCondition<JavaClass> notDependOn(String what, BiPredicate<JavaClass, JavaClass> forbidden) {
        return new ArchCondition<>("not depend on " + what) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    if (forbidden.test(item, dependency.getTargetClass().getBaseComponentType())) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static AbstractClassesTransformer<JavaPackage> packagesBelow(String root) {
        return new AbstractClassesTransformer<>("packages") {
            @Override
            public Iterable<JavaPackage> doTransform(JavaClasses collection) {
                Set<JavaPackage> found = new LinkedHashSet<>();
                for (JavaClass javaClass : collection) {
                    if (isBelow(root, javaClass)) {
                        found.add(javaClass.getPackage());
                    }
                }
                return found;
            }
        };
    }
}

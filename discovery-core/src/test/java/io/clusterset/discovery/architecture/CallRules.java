package io.clusterset.discovery.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.lang.reflect.AccessibleObject;
import java.time.Clock;
import java.time.InstantSource;
import java.time.temporal.Temporal;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.BaseStream;

/** What nobody may call: method references count as calls. */
final class CallRules {
    private static final String CONSTRUCTOR = "<init>";

    /** Reads of the clock, sleeps, and timers of the JDK's own. Waiting for an event with a limit is not among them. */
    private static final List<Call> CLOCK_OR_SLEEP = List.of(
            call(System.class, "nanoTime"),
            call(System.class, "currentTimeMillis"),
            call(Temporal.class, "now").unlessGiven(Clock.class),
            call(Clock.class, "system.*"),
            call(Clock.class, "tick(Millis|Seconds|Minutes)"),
            call(InstantSource.class, "system"),
            call(Date.class, CONSTRUCTOR).withoutArguments(),
            call(Calendar.class, "getInstance"),
            call(Thread.class, "sleep"),
            call(TimeUnit.class, "sleep"),
            call(Object.class, "wait").withArguments(),
            call(LockSupport.class, "park(Nanos|Until)"),
            call(Timer.class, CONSTRUCTOR),
            call(ScheduledThreadPoolExecutor.class, CONSTRUCTOR),
            call(Executors.class, "new.*Scheduled.*"),
            call(CompletableFuture.class, "orTimeout|completeOnTimeout|delayedExecutor"));

    /** What a library must not do to the application around it, and what hides an input from a test. */
    private static final List<Call> HAZARDS = List.of(
            call(ForkJoinPool.class, "commonPool"),
            call(CompletionStage.class, ".*Async").unlessGiven(Executor.class),
            call(BaseStream.class, "parallel"),
            call(Collection.class, "parallelStream"),
            call(System.class, "exit"),
            call(Runtime.class, "exit|halt|addShutdownHook"),
            call(Class.class, "forName"),
            call(AccessibleObject.class, "(trySet|set)Accessible"),
            call(ObjectInputStream.class, CONSTRUCTOR),
            call(System.class, "setProperty|setProperties|clearProperty"),
            call(Random.class, CONSTRUCTOR).withoutArguments().exactly(),
            call(SplittableRandom.class, CONSTRUCTOR).withoutArguments(),
            call(Math.class, "random"),
            call(StrictMath.class, "random"));

    private CallRules() {}

    /** Time comes in through constructors: only {@code time} may ask the JDK for it. */
    static ArchRule onlyTimeReadsTheClockOrSleeps(String root) {
        return classes()
                .that(DescribedPredicate.describe(
                        "are outside time",
                        javaClass -> PackageRules.isBelow(root, javaClass)
                                && !PackageTable.rowOf(root, javaClass.getPackageName())
                                        .equals("time")))
                .should(notCall("read a clock or sleep", CLOCK_OR_SLEEP))
                .allowEmptyShould(true);
    }

    static ArchRule nobodyTouchesTheSurroundings(String root) {
        return classes()
                .that(DescribedPredicate.describe(
                        "are below " + root, javaClass -> PackageRules.isBelow(root, javaClass)))
                .should(notCall("touch what belongs to the application, nor draw unseeded numbers", HAZARDS))
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> notCall(String what, List<Call> calls) {
        return new ArchCondition<>("not " + what) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    if (access.getTarget() instanceof CodeUnitAccessTarget target
                            && calls.stream().anyMatch(call -> call.matches(target))) {
                        events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                    }
                }
            }
        };
    }

    private static Call call(Class<?> owner, String name) {
        return new Call(owner, name, target -> true);
    }

    /** A method or constructor of {@code owner} or its subtypes, its name a regular expression. */
    private record Call(Class<?> owner, String name, Predicate<CodeUnitAccessTarget> which) {
        boolean matches(CodeUnitAccessTarget target) {
            return target.getName().matches(name) && target.getOwner().isAssignableTo(owner) && which.test(target);
        }

        Call withoutArguments() {
            return when(target -> target.getRawParameterTypes().isEmpty());
        }

        Call withArguments() {
            return when(target -> !target.getRawParameterTypes().isEmpty());
        }

        Call unlessGiven(Class<?> parameter) {
            return when(
                    target -> target.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(parameter)));
        }

        /** Of {@code owner} itself: SecureRandom is a Random whose constructor without arguments is fine. */
        Call exactly() {
            return when(target -> target.getOwner().isEquivalentTo(owner));
        }

        private Call when(Predicate<CodeUnitAccessTarget> further) {
            return new Call(owner, name, which.and(further));
        }
    }
}

package io.clusterset.discovery.observe;

/** Something whose {@link Figures} can be read: a discovery. */
@FunctionalInterface
public interface Measured {

    /** The figures as they are now. On any thread; waits for nobody. O(services and their endpoints). */
    Figures figures();
}

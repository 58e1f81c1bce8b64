package io.clusterset.benchmarks;

import java.io.IOException;
import java.util.List;

/** What one run measures, and how the report tells of it. */
interface Suite {

    /** What the command calls it; the report's text about it is the resource {@code about/NAME.md}. */
    String name();

    /**
     * Measures everything.
     *
     * @param quick only for orders of magnitude
     * @param run what to write into each row
     */
    List<Row> measure(boolean quick, Machine run) throws IOException;

    /** What the figures are held against. */
    List<Goal> goals();

    /** The rows as they are printed. */
    List<Table> tables(List<Row> rows);
}

package io.clusterset.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What one run measures, and how the report tells of it. */
interface Suite {

    /** Where figures go. */
    @FunctionalInterface
    interface Publication {
        /** Writes them, in place of those that were there, and returns what was written, for people. */
        String of(List<Row> rows) throws IOException;
    }

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

    /**
     * Its place in this folder: a part of the report, as a rule.
     *
     * @throws IOException if there is no such place; better now than when everything has been measured
     */
    default Publication into(Path folder) throws IOException {
        return rows -> {
            Report report = Report.in(folder).with(this, rows);
            report.write();
            return report.part(this);
        };
    }
}

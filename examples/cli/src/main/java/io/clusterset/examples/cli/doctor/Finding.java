package io.clusterset.examples.cli.doctor;

/**
 * What one check found.
 *
 * @param check which one, a word of the guide's table
 * @param seen the evidence; why nothing was looked at, if it is skipped
 * @param means what it means for calls through the library; empty if nothing
 * @param mend what to change; lines that begin with four blanks are to be copied as they are. Empty if there is nothing
 */
record Finding(String check, Severity severity, String seen, String means, String mend) {

    static Finding ok(String check, String seen) {
        return new Finding(check, Severity.OK, seen, "", "");
    }

    static Finding note(String check, String seen, String means, String mend) {
        return new Finding(check, Severity.NOTE, seen, means, mend);
    }

    static Finding problem(String check, String seen, String means, String mend) {
        return new Finding(check, Severity.PROBLEM, seen, means, mend);
    }

    static Finding skipped(String check, String why) {
        return new Finding(check, Severity.SKIPPED, why, "", "");
    }
}

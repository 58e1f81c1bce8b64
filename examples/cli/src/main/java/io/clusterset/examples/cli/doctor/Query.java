package io.clusterset.examples.cli.doctor;

/**
 * A question to one nameserver. The name is absolute: no search list, ever.
 *
 * @param name lower case, without the final dot
 * @param type such as SOA
 * @param how over what, and of which class
 */
record Query(String name, String type, How how) {

    /** What it travels over. */
    enum How {
        UDP,
        TCP,
        /** By UDP, of the class CHAOS: about the server, not about names. */
        CHAOS
    }

    static Query udp(String name, String type) {
        return new Query(name, type, How.UDP);
    }

    Query byTcp() {
        return new Query(name, type, How.TCP);
    }

    @Override
    public String toString() {
        return switch (how) {
            case UDP -> name + ". " + type;
            case TCP -> name + ". " + type + " by TCP";
            case CHAOS -> name + ". CH " + type;
        };
    }
}

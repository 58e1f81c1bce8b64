package io.clusterset.discovery.faults;

/** How many endpoints home and the next tier have. An only one is a VIP to the library. */
enum Shape {
    FIVE_AND_FIVE(5, 5),
    FIVE_AND_VIP(5, 1),
    VIP_AND_FIVE(1, 5),
    VIP_AND_VIP(1, 1);

    private final int home;
    private final int next;

    Shape(int home, int next) {
        this.home = home;
        this.next = next;
    }

    int home() {
        return home;
    }

    int next() {
        return next;
    }

    @Override
    public String toString() {
        return home + "+" + next;
    }
}

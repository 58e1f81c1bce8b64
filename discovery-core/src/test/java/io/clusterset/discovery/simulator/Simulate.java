package io.clusterset.discovery.simulator;

import java.util.List;

/** {@code simulate}: runs what it is told to. */
final class Simulate {

    private Simulate() {}

    public static void main(String[] arguments) {
        List<Scenario> some = arguments.length == 0
                ? Scenarios.all()
                : List.of(Scenarios.named(arguments[0]).orElseThrow());
        long start = System.nanoTime();
        for (Scenario scenario : some) {
            int[] shown = new int[1];
            Ours ours = new Ours(what -> {
                if (shown[0]++ < 3) {
                    System.out.println("BROKEN " + scenario.name() + " at " + what);
                }
            });
            System.out.println(Run.of(scenario, ours, 1) + " " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }
}

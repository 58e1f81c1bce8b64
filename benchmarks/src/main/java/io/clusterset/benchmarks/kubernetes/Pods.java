package io.clusterset.benchmarks.kubernetes;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods of one service, which change: by turns a pod is replaced by one with the next number, and one becomes ready or
 * ceases to be. At most one of a slice is not ready. Not thread-safe.
 */
final class Pods {

    private final int service;
    private final List<List<String>> slices = new ArrayList<>();
    private final int[] gone; // the place of the pod that is not ready, or -1
    private final int[] numbers; // of the pods at each place
    private int next;

    Pods(int service, int count, int firstPod) {
        this.service = service;
        this.gone = new int[count];
        this.numbers = new int[count * Slices.SIZE];
        this.next = firstPod + count * Slices.SIZE;
        for (int nth = 0; nth < count; nth++) {
            gone[nth] = -1;
            slices.add(new ArrayList<>(Slices.endpoints(service, firstPod + nth * Slices.SIZE, Slices.SIZE)));
        }
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = firstPod + i;
        }
    }

    /** The number that the next new pod has. */
    int next() {
        return next;
    }

    /** A pod of a slice is another one; the event that says so. */
    String replaced(int slice, int place, long version) {
        if (gone[slice] == place) {
            gone[slice] = -1; // the new one is ready
        }
        set(slice, place, next, true);
        next++;
        return event(slice, version);
    }

    /** A pod of a slice is not ready any more, or is so again if there was one; the event that says so. */
    String flipped(int slice, int place, long version) {
        boolean back = gone[slice] >= 0;
        int which = back ? gone[slice] : place;
        set(slice, which, numbers[slice * Slices.SIZE + which], back);
        gone[slice] = back ? -1 : place;
        return event(slice, version);
    }

    private void set(int slice, int place, int pod, boolean ready) {
        numbers[slice * Slices.SIZE + place] = pod;
        slices.get(slice).set(place, Slices.endpoint(service, pod, ready));
    }

    private String event(int slice, long version) {
        return "{\"type\":\"MODIFIED\",\"object\":" + Slices.slice(service, slice, version, slices.get(slice)) + "}";
    }

    /** The newest pod that is seen. */
    static int newest(Snapshot seen) {
        int newest = -1;
        for (Endpoint endpoint : seen.tiers().get(0).endpoints()) {
            newest = Math.max(newest, Slices.pod(endpoint.address().getAddress()));
        }
        return newest;
    }
}

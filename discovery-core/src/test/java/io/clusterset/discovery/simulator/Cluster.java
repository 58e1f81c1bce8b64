package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.simulator.Happening.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One cluster: the service's pods, its DNS, its API, and a kubelet that looks after who is ready. */
final class Cluster {

    private static final Duration LISTING_LAG = Duration.ofSeconds(1); // endpoints controller, CoreDNS, kube-proxy
    private static final Duration UNREADY_AFTER = Duration.ofSeconds(30); // three probes ten seconds apart
    private static final Duration READY_AFTER = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(3); // a pod told to end goes on for so long

    final boolean home;
    private final World world;
    private final Setting setting;
    private final Random random;
    private final Endpoint vip;
    final List<Pod> pods = new ArrayList<>();
    private final List<Runnable> watchers = new ArrayList<>();
    private Verb dns = Verb.HEAL;
    private Verb api = Verb.HEAL;
    private int made;
    private int turn; // of the pods behind the virtual address
    private int wave; // of deploys: a new one ends those under way
    long overloaded;

    Cluster(World world, Setting setting, boolean home) {
        this.home = home;
        this.world = world;
        this.setting = setting;
        this.random = world.random(home ? "home" : "away");
        this.vip = Endpoint.parse(home ? "10.96.0.1:80" : "10.97.0.1:80");
        for (int i = 0; i < (home ? setting.homePods() : setting.awayPods()); i++) {
            Pod pod = newPod(-1_000_000); // long warm
            pod.listed = true;
        }
    }

    private Pod newPod(long born) {
        int number = made++;
        String address = (home ? "10.0." : "10.1.") + number / 250 + "." + (1 + number % 250) + ":80";
        Endpoint endpoint = Endpoint.parse(address);
        if (setting.zones() > 1) {
            endpoint = endpoint.withLocality(
                    new Locality(home ? "eu" : "us", "" + (char) ('a' + number % setting.zones()), ""));
        }
        Pod pod = new Pod(this, endpoint, home ? setting.homeWorkers() : setting.awayWorkers(), born);
        pods.add(pod);
        world.put(endpoint, pod);
        return pod;
    }

    boolean isVirtual() {
        return setting.form() == Setting.Form.VIP;
    }

    Endpoint vip() {
        return vip;
    }

    /** Where the virtual address leads now. */
    Optional<Pod> behind() {
        List<Pod> listed = pods.stream().filter(pod -> pod.listed).toList();
        return listed.isEmpty() ? Optional.empty() : Optional.of(listed.get(turn++ % listed.size()));
    }

    /** Whether all pods that the virtual address leads to have been well, and there, for so long. */
    boolean wasUp(long millis) {
        List<Pod> listed = pods.stream().filter(pod -> pod.listed).toList();
        return !listed.isEmpty() && listed.stream().allMatch(pod -> pod.wasUp(world.millis() - millis));
    }

    /** Who is ready, as the API says it. */
    List<Endpoint> ready() {
        return pods.stream().filter(pod -> pod.listed).map(pod -> pod.endpoint).toList();
    }

    /** What its DNS says now; nothing if it is silent. */
    Optional<Answer> dns() {
        return switch (dns) {
            case SILENCE -> Optional.empty();
            case FAIL -> Optional.of(Answer.none(Answer.Kind.UNKNOWN));
            case EMPTY -> Optional.of(Answer.none(Answer.Kind.EMPTY));
            case FORGET -> Optional.of(Answer.none(Answer.Kind.NO_SUCH_NAME));
            default -> Optional.of(isVirtual() ? Answer.of(List.of(vip), true) : Answer.of(rotated(), false));
        };
    }

    /** CoreDNS shuffles; the set's answer may have home's endpoints, too. */
    private List<Endpoint> rotated() {
        List<Endpoint> all = new ArrayList<>(ready());
        if (!home && setting.overlap()) {
            all.addAll(world.home.ready());
        }
        Collections.shuffle(all, random);
        return all;
    }

    /** Whether its API answers. */
    boolean apiAnswers() {
        return api == Verb.HEAL;
    }

    Runnable watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    int watchers() {
        return watchers.size();
    }

    private void changed() {
        List.copyOf(watchers)
                .forEach(watcher -> world.time.schedule(Duration.ofMillis(50 + random.nextInt(100)), () -> {
                    if (watchers.contains(watcher)) {
                        watcher.run();
                    }
                }));
    }

    /** A pod has no room for a call: that is trouble, too. */
    void overloads() {
        overloaded++;
        world.trouble();
    }

    void happens(Happening what) {
        switch (what.part()) {
            case "dns" -> dns = what.verb();
            case "api" -> {
                api = what.verb();
                changed();
            }
            default -> podsHear(what);
        }
    }

    private void podsHear(Happening what) {
        switch (what.verb()) {
            case REFUSE -> turn(what, Pod.State.REFUSING);
            case SILENCE -> turn(what, Pod.State.SILENT);
            case FAIL -> turn(what, Pod.State.FAILING);
            case SLOW -> turn(what, Pod.State.SLOW);
            case HEAL -> turn(what, Pod.State.UP);
            case LEAVE -> chosen(what).forEach(this::end);
            case SCALE -> scale((int) what.amount());
            case DEPLOY -> deploy(what.amount());
            default -> throw new IllegalArgumentException(what + " (expected: of dns or api)");
        }
    }

    /** The pods that are there and meant. */
    private List<Pod> chosen(Happening what) {
        List<Pod> there =
                pods.stream().filter(pod -> pod.state != Pod.State.GONE).toList();
        if (what.part().startsWith("@")) {
            String zone = what.part().substring(1);
            return there.stream()
                    .filter(pod -> pod.endpoint.locality().zone().equals(zone))
                    .toList();
        }
        if (what.part().isEmpty()) {
            return there;
        }
        int index = Integer.parseInt(what.part());
        return index < there.size() ? List.of(there.get(index)) : List.of();
    }

    private void turn(Happening what, Pod.State state) {
        for (Pod pod : chosen(what)) {
            pod.turn(state, what.amount(), world.millis());
            long mood = pod.mood;
            boolean ready = pod.accepts(); // a kubelet on its node sees neither lost packets nor HTTP 500 of calls
            if (ready != pod.listed) {
                later(ready ? LISTING_LAG : UNREADY_AFTER, () -> {
                    if (pod.mood == mood) {
                        list(pod, ready);
                    }
                });
            }
        }
    }

    private void list(Pod pod, boolean ready) {
        if (pod.listed != ready) {
            pod.listed = ready;
            changed();
        }
    }

    private void scale(int wanted) {
        wave++;
        List<Pod> there =
                pods.stream().filter(pod -> pod.state != Pod.State.GONE).toList();
        there.stream().skip(wanted).forEach(this::end);
        for (int i = there.size(); i < wanted; i++) {
            begin(i - there.size());
        }
    }

    private void begin(int place) {
        // images are pulled one after the other, so the first is ready well before the last
        later(READY_AFTER.plusSeconds(2L * place), () -> {
            Pod pod = newPod(world.millis());
            later(LISTING_LAG, () -> list(pod, pod.accepts()));
        });
    }

    /** It leaves the list, and serves a little longer: not long enough for who looked it up just before. */
    private void end(Pod pod) {
        pod.mood++;
        long mood = pod.mood;
        later(LISTING_LAG, () -> list(pod, false));
        later(GRACE, () -> {
            if (pod.mood == mood) {
                pod.turn(Pod.State.GONE, 0, world.millis());
                list(pod, false);
            }
        });
    }

    /** One pod after the other is replaced by a new one. */
    private void deploy(double secondsApart) {
        int mine = ++wave;
        List<Pod> old = pods.stream().filter(pod -> pod.state != Pod.State.GONE).toList();
        for (int i = 0; i < old.size(); i++) {
            Pod pod = old.get(i);
            later(Duration.ofMillis(Math.round(i * secondsApart * 1_000)), () -> {
                if (wave == mine && pod.state != Pod.State.GONE) {
                    begin(0);
                    later(READY_AFTER.plus(LISTING_LAG), () -> end(pod)); // maxUnavailable: 0
                }
            });
        }
    }

    private void later(Duration delay, Runnable what) {
        world.time.schedule(delay, what);
    }

    /** Calls a second it can serve when warm; 0: any number. */
    double capacity() {
        int workers = home ? setting.homeWorkers() : setting.awayWorkers();
        return pods.stream().filter(Pod::accepts).count() * workers * 200.0;
    }
}

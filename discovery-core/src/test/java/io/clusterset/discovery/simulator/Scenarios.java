package io.clusterset.discovery.simulator;

import static io.clusterset.discovery.simulator.Setting.USUAL;

import java.util.List;
import java.util.Optional;

/** The catalogue: what has befallen clusters, or will. */
final class Scenarios {

    private static final Setting TIGHT =
            USUAL.with("home-workers=1 away-workers=1"); // 200 calls a second by a pod that is warm

    private static final List<Scenario> ALL = List.of(
            Scenario.of(
                    "home-refused",
                    "All of home's processes die; a minute and a half later they are back.",
                    USUAL,
                    "60.0 home refuse",
                    "150.0 home heal"),
            Scenario.of(
                    "home-black-hole",
                    "Packets to home's pods are lost, as when a node or a network policy goes wrong. No kubelet sees it.",
                    USUAL,
                    "60.0 home silence",
                    "150.0 home heal"),
            Scenario.of(
                    "home-slow",
                    "Home becomes two hundred times slower: a second for each answer, which is not an error.",
                    USUAL.with("seconds=600"),
                    "60.0 home slow 200",
                    "150.0 home heal"),
            Scenario.of(
                    "home-half-errors",
                    "Half of home's answers are HTTP 500.",
                    USUAL.with("seconds=600"),
                    "60.0 home fail 50",
                    "150.0 home heal"),
            Scenario.of(
                    "one-refuses",
                    "One of five pods refuses connections.",
                    USUAL,
                    "60.0 home/1 refuse",
                    "150.0 home/1 heal"),
            Scenario.of(
                    "one-black-hole",
                    "Packets to one of five pods are lost.",
                    USUAL,
                    "60.0 home/1 silence",
                    "150.0 home/1 heal"),
            Scenario.of(
                    "one-errors",
                    "One of five pods answers all calls with HTTP 500.",
                    USUAL,
                    "60.0 home/1 fail 100",
                    "150.0 home/1 heal"),
            Scenario.of(
                    "one-slow",
                    "One of five pods needs half a second instead of five milliseconds.",
                    USUAL,
                    "60.0 home/1 slow 100",
                    "150.0 home/1 heal"),
            Scenario.of(
                    "vip-no-pods",
                    "A ClusterIP stays and refuses when the last pod behind it is gone; ninety seconds later there are pods again.",
                    USUAL.with("form=vip"),
                    "60.0 home leave",
                    "150.0 home scale 5"),
            Scenario.of(
                    "vip-black-hole",
                    "A ClusterIP whose packets are lost.",
                    USUAL.with("form=vip"),
                    "60.0 home silence",
                    "150.0 home heal"),
            Scenario.of(
                    "deploy-dns",
                    "A rolling deploy of ten pods, one every ten seconds; pods end three seconds after they were told, sooner than DNS forgets them.",
                    USUAL.with("home=10 away=5"),
                    "60.0 home deploy 10"),
            Scenario.of(
                    "deploy-vip",
                    "The same behind a ClusterIP.",
                    USUAL.with("home=10 away=5 form=vip"),
                    "60.0 home deploy 10"),
            Scenario.of(
                    "deploy-api",
                    "The same, told by the Kubernetes API.",
                    USUAL.with("home=10 away=5 feed=api"),
                    "60.0 home deploy 10"),
            Scenario.of(
                    "scale-10-1-10",
                    "Home shrinks from ten pods to one, and grows to ten again. Each pod serves 200 calls a second, there are 800.",
                    TIGHT.with("home=10 away=10 rate=800"),
                    "60.0 home scale 1",
                    "150.0 home scale 10"),
            Scenario.of(
                    "scale-from-zero",
                    "Home begins with no pod and gets five, one after the other, each cold and four times slower for a while.",
                    TIGHT.with("home=0 away=10 rate=600"),
                    "60.0 home scale 5"),
            Scenario.of(
                    "flapping-pod",
                    "One of five pods is up for two seconds, down for two.",
                    USUAL.with("seconds=240"),
                    flaps("home/1", 60, 180, 2)),
            Scenario.of(
                    "flapping-home",
                    "All of home is up for twenty seconds, down for twenty.",
                    USUAL.with("seconds=800"),
                    flaps("home", 60, 300, 20)),
            Scenario.of(
                    "zone-evacuated",
                    "Three zones, clients in zone a, which the API tells is emptied: the other zones of home are nearer than the other cluster.",
                    USUAL.with("home=9 away=9 zones=3 feed=api"),
                    "60.0 home/@a leave"),
            Scenario.of(
                    "dns-dead",
                    "Home's DNS answers SERVFAIL for two minutes. Nothing else is wrong.",
                    USUAL,
                    "60.0 home.dns fail",
                    "180.0 home.dns heal"),
            Scenario.of(
                    "dns-silent",
                    "All DNS is silent for two minutes. Nothing else is wrong.",
                    USUAL,
                    "60.0 home.dns silence",
                    "60.0 away.dns silence",
                    "180.0 home.dns heal",
                    "180.0 away.dns heal"),
            Scenario.of(
                    "dns-lies-empty",
                    "Home's DNS says for a minute that there is nobody, and home's pods are well.",
                    USUAL,
                    "60.0 home.dns empty",
                    "120.0 home.dns heal"),
            Scenario.of(
                    "dns-unsynced",
                    "The set's zone is not synchronised when all clients begin, and home dies soon after it is.",
                    USUAL,
                    "0.0 away.dns fail",
                    "40.0 away.dns heal",
                    "60.0 home refuse",
                    "150.0 home heal"),
            Scenario.of(
                    "dns-and-home",
                    "Home's DNS dies, and a minute later home.",
                    USUAL,
                    "60.0 home.dns fail",
                    "120.0 home refuse",
                    "180.0 home heal",
                    "200.0 home.dns heal"),
            Scenario.of(
                    "api-dead",
                    "The Kubernetes API is away for two minutes, and a rolling deploy happens meanwhile: DNS must do.",
                    USUAL.with("feed=api"),
                    "60.0 home.api fail",
                    "90.0 home deploy 5",
                    "180.0 home.api heal"),
            Scenario.of(
                    "next-is-small",
                    "Home dies, and the other cluster can serve half of the calls.",
                    TIGHT.with("home=5 away=2 rate=800"),
                    "60.0 home refuse",
                    "150.0 home heal"),
            Scenario.of(
                    "next-is-small-guarded",
                    "The same, and ours is told that the other cluster may get 45 % of the calls (`max-load`); its peers can't be.",
                    TIGHT.with("home=5 away=2 rate=800 max-load=45"),
                    "60.0 home refuse",
                    "150.0 home heal"),
            Scenario.of(
                    "home-partly",
                    "Two of five pods of home refuse; those left can carry the calls.",
                    TIGHT.with("home=5 away=5 rate=400"),
                    "60.0 home/1 refuse",
                    "60.0 home/2 refuse",
                    "150.0 home/1 heal",
                    "150.0 home/2 heal"),
            Scenario.of(
                    "both-sick",
                    "Four of five pods refuse in both clusters: all must be used that answers.",
                    USUAL,
                    both(60, "refuse", 150)),
            Scenario.of(
                    "opposite-flapping",
                    "Home is down while the other cluster is up, and the other way round, twenty seconds each.",
                    USUAL.with("seconds=420"),
                    opposite(60, 300, 20)),
            Scenario.of(
                    "everything-down",
                    "Nothing answers anywhere for thirty seconds.",
                    USUAL,
                    "60.0 home refuse",
                    "60.0 away refuse",
                    "90.0 home heal",
                    "90.0 away heal"),
            Scenario.of(
                    "restart",
                    "All two hundred clients restart at once, five times, the third time while home is down.",
                    USUAL.with("clients=200 rate=400"),
                    "30.0 home restart",
                    "60.0 home restart",
                    "80.0 home refuse",
                    "90.0 home restart",
                    "120.0 home heal",
                    "180.0 home restart",
                    "200.0 home restart"),
            Scenario.of(
                    "restart-in-the-dark",
                    "All two hundred clients restart while packets to seven of home's eight pods are lost, and there is no other cluster.",
                    USUAL.with("clients=200 home=8 away=0"),
                    dark(7, 50, 150, "60.0 home restart")),
            Scenario.of(
                    "few-calls-in-the-dark",
                    "Twenty clients with a call a second each, while packets to seven of home's eight pods are lost, and there is no other cluster.",
                    USUAL.with("clients=20 rate=20 home=8 away=0"),
                    dark(7, 60, 150)),
            Scenario.of(
                    "herd",
                    "A thousand clients lose the same home and get it back. Each pod serves 200 calls a second, there are 800.",
                    TIGHT.with("clients=1000 rate=800"),
                    "60.0 home refuse",
                    "150.0 home heal"),
            Scenario.of(
                    "overlap",
                    "The set's answer contains home's endpoints, too, and home dies.",
                    USUAL.with("overlap=true"),
                    "60.0 home refuse",
                    "150.0 home heal"));

    private Scenarios() {}

    static List<Scenario> all() {
        return ALL;
    }

    static Optional<Scenario> named(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }

    private static String[] flaps(String who, int from, int until, int seconds) {
        StringBuilder script = new StringBuilder();
        for (int at = from; at < until; at += 2 * seconds) {
            script.append(at).append(".0 ").append(who).append(" refuse\n");
            script.append(at + seconds).append(".0 ").append(who).append(" heal\n");
        }
        return script.toString().split("\n");
    }

    private static String[] opposite(int from, int until, int seconds) {
        StringBuilder script = new StringBuilder();
        for (int at = from; at < until; at += 2 * seconds) {
            script.append(at).append(".0 home refuse\n").append(at).append(".0 away heal\n");
            script.append(at + seconds).append(".0 home heal\n");
            script.append(at + seconds).append(".0 away refuse\n");
        }
        script.append(until).append(".0 away heal");
        return script.toString().split("\n");
    }

    private static String[] dark(int pods, int from, int until, String... meanwhile) {
        StringBuilder script = new StringBuilder();
        for (int pod = 1; pod <= pods; pod++) {
            script.append(from).append(".0 home/").append(pod).append(" silence\n");
        }
        for (String line : meanwhile) {
            script.append(line).append('\n');
        }
        return script.append(until).append(".0 home heal").toString().split("\n");
    }

    private static String[] both(int from, String verb, int until) {
        StringBuilder script = new StringBuilder();
        for (int pod = 1; pod < 5; pod++) {
            script.append(from)
                    .append(".0 home/")
                    .append(pod)
                    .append(' ')
                    .append(verb)
                    .append('\n');
            script.append(from)
                    .append(".0 away/")
                    .append(pod)
                    .append(' ')
                    .append(verb)
                    .append('\n');
        }
        return script.append(until)
                .append(".0 home heal\n")
                .append(until)
                .append(".0 away heal")
                .toString()
                .split("\n");
    }
}

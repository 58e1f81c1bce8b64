package io.clusterset.discovery.testkit;

import io.clusterset.discovery.testkit.DnsAnswer.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * What a server was told to say, and what it says by itself where it was told nothing. Its monitor guards everything,
 * so that whoever holds it changes several scripts at once.
 */
final class DnsScripts {

    /** The type of a script for whatever is asked of its name. */
    static final int EVERY_TYPE = Type.ANY;

    private static final int MAX_CHAIN = 16;

    /** In canonical order, in which the names below a name follow it directly. */
    private final TreeMap<Name, Map<Integer, DnsSequence>> names = new TreeMap<>();

    private List<Name> zones = List.of();

    synchronized void serve(List<Name> served) {
        zones = List.copyOf(served);
    }

    synchronized void replace(Name name, int type, DnsAnswer answer) {
        Map<Integer, DnsSequence> types = names.computeIfAbsent(name, unseen -> new HashMap<>());
        if (type == EVERY_TYPE) {
            types.clear();
        }
        types.put(type, new DnsSequence(answer));
    }

    synchronized void append(Name name, int type, DnsAnswer answer) {
        DnsSequence sequence = scripted(name, type);
        if (sequence == null) {
            replace(name, type, answer);
        } else {
            sequence.append(answer);
        }
    }

    synchronized void amend(Name name, int type, UnaryOperator<DnsAnswer> change) {
        existing(name, type).amendLast(change);
    }

    synchronized void repeatLast(Name name, int type, int more) {
        existing(name, type).repeatLast(more);
    }

    synchronized void startOver(Name name, int type) {
        existing(name, type).startOver();
    }

    synchronized void forget(Name name) {
        names.remove(name);
    }

    /** Gives out the answer to one question, and moves its script on. */
    synchronized DnsAnswer take(Name name, int type, Transport transport) {
        DnsSequence sequence = find(name, type);
        return sequence == null ? unscripted(name) : chased(name, type, sequence.take(transport));
    }

    /** The answer last taken did not fit: it is due once more when the client comes back over TCP. */
    synchronized void lastWasTruncated(Name name, int type) {
        DnsSequence sequence = find(name, type);
        if (sequence != null) {
            sequence.lastWasTruncated();
        }
    }

    /** The closest enclosing zone, or the root, as a resolver outside the cluster would name it. */
    synchronized Name zoneOf(Name name) {
        Name closest = Name.root;
        for (Name zone : zones) {
            if (name.subdomain(zone) && zone.labels() > closest.labels()) {
                closest = zone;
            }
        }
        return closest;
    }

    private @Nullable DnsSequence scripted(Name name, int type) {
        Map<Integer, DnsSequence> types = names.get(name);
        return types == null ? null : types.get(type);
    }

    private @Nullable DnsSequence find(Name name, int type) {
        DnsSequence sequence = scripted(name, type);
        return sequence == null ? scripted(name, EVERY_TYPE) : sequence;
    }

    private DnsSequence existing(Name name, int type) {
        DnsSequence sequence = scripted(name, type);
        if (sequence == null) {
            throw new IllegalStateException(
                    name + " " + Type.string(type) + ": no answer yet (expected: answer, nodata, ... before this)");
        }
        return sequence;
    }

    private DnsAnswer unscripted(Name name) {
        if (zones.stream().noneMatch(name::subdomain)) {
            return DnsAnswer.rcode(Rcode.REFUSED);
        }
        return exists(name) ? DnsAnswer.nodata() : DnsAnswer.nxdomain();
    }

    /** A name exists if it, or a name below it, has something to say. */
    private boolean exists(Name name) {
        if (zones.contains(name)) {
            return true;
        }
        for (Map.Entry<Name, Map<Integer, DnsSequence>> entry :
                names.tailMap(name, true).entrySet()) {
            if (!entry.getKey().subdomain(name)) {
                return false;
            }
            if (entry.getValue().values().stream()
                    .anyMatch(sequence -> !sequence.current().saysNoSuchName())) {
                return true;
            }
        }
        return false;
    }

    /** Adds what the target of a CNAME has to say, as far as it is scripted. */
    private DnsAnswer chased(Name asked, int type, DnsAnswer answer) {
        if (type == Type.CNAME
                || !(answer.content() instanceof Reply reply)
                || !reply.records().chased()) {
            return answer;
        }
        List<Record> chain = new ArrayList<>(reply.records().answers());
        for (int hop = 0; hop < MAX_CHAIN; hop++) {
            if (!(chain.get(chain.size() - 1) instanceof CNAMERecord alias)
                    || alias.getTarget().equals(asked)) {
                break;
            }
            DnsSequence next = find(alias.getTarget(), type);
            if (next == null
                    || !(next.current().content() instanceof Reply more)
                    || more.records().answers().isEmpty()) {
                break;
            }
            chain.addAll(more.records().answers());
        }
        return answer.withContent(new Reply(reply.rcode(), reply.records().withAnswers(chain), reply.soa()));
    }
}

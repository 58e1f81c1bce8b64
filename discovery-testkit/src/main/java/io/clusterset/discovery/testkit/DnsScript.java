package io.clusterset.discovery.testkit;

import io.clusterset.discovery.testkit.DnsAnswer.Raw;
import io.clusterset.discovery.testkit.DnsAnswer.Reply;
import io.clusterset.discovery.testkit.DnsAnswer.Silence;
import io.clusterset.discovery.testkit.DnsAnswer.SoaTimes;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * What a {@link FakeDnsServer} says to questions for one name and type. Every call takes effect at once, also while
 * the server runs.
 *
 * <p>A <em>step</em> ({@link #answer answer}, {@link #nodata}, {@link #nxdomain}, {@link #rcode}, {@link #cname cname},
 * {@link #srv srv}, {@link #raw}, {@link #drop}) replaces the whole script; after {@link #then()} it is added to it
 * instead. Each question gets one step, the last step repeats. A TCP question after a truncated UDP answer gets the same
 * step again. A <em>modifier</em> ({@link #delay}, {@link #truncate()}, {@link #soa}, {@link #withoutSoa},
 * {@link #precededBy}, {@link #times}, {@link #startingOver}) changes the step written last.
 *
 * <pre>{@code
 * dns.on("orders.shop.svc.cluster.local", A)
 *         .rcode(SERVFAIL).times(2)                        // the first two questions
 *         .then().answer("10.0.0.1").delay(ofMillis(50))   // the third
 *         .then().nxdomain();                              // from the fourth on
 * }</pre>
 *
 * <p>Thread-safe, as far as the server goes; one instance is for one thread to write with. A question that arrives
 * between a step and its modifier sees the step without it: see {@link FakeDnsServer#atomically}.
 */
public final class DnsScript {

    private static final Duration TTL = Duration.ofSeconds(5);

    private final DnsScripts scripts;
    private final Name name;
    private final int type;
    private boolean adding;

    DnsScript(DnsScripts scripts, Name name, int type) {
        this.scripts = scripts;
        this.name = name;
        this.type = type;
    }

    /**
     * Step: records with a time to live of 5 seconds.
     *
     * @param values one per record: an IPv4 address for A, an IPv6 address for AAAA, a name for CNAME, PTR and NS, the
     *     text for TXT, {@code "priority weight port target"} for SRV
     * @throws IllegalArgumentException if there are no values, or one is not of the script's type
     * @throws IllegalStateException if the script is for every type
     */
    public DnsScript answer(String... values) {
        return answer(TTL, values);
    }

    /**
     * Step: records with the given time to live.
     *
     * @param ttl 0 to 4294967295 seconds (what the wire can carry; sane servers stay below 2<sup>31</sup>)
     * @param values as for {@link #answer(String...)}
     * @throws IllegalArgumentException if the time to live is out of range, there are no values, or one is not of the
     *     script's type
     * @throws IllegalStateException if the script is for every type
     */
    public DnsScript answer(Duration ttl, String... values) {
        requireType("answer");
        return step(DnsAnswer.of(DnsRecords.of(name, type, ttl, values)));
    }

    /**
     * Step: SRV records with a time to live of 5 seconds, and their glue.
     *
     * @throws IllegalArgumentException if a target or an address can't be read
     * @throws IllegalStateException if the script is not for SRV
     */
    public DnsScript srv(Srv... targets) {
        return srv(TTL, targets);
    }

    /**
     * Step: SRV records with the given time to live, and their glue.
     *
     * @param ttl 0 to 4294967295 seconds
     * @throws IllegalArgumentException if the time to live is out of range, or a target or an address can't be read
     * @throws IllegalStateException if the script is not for SRV
     */
    public DnsScript srv(Duration ttl, Srv... targets) {
        if (type != Type.SRV) {
            throw new IllegalStateException(this + ": srv (expected: a script for SRV)");
        }
        return step(DnsAnswer.of(DnsRecords.srv(name, ttl, targets)));
    }

    /**
     * Step: an alias, time to live 5 seconds. What the target's own script has to say is added to the same answer; if it
     * has none, the answer is the alias alone.
     *
     * @throws IllegalArgumentException if the target is not a name
     */
    public DnsScript cname(String target) {
        return step(DnsAnswer.of(DnsRecords.cname(name, TTL, target, true)));
    }

    /**
     * Step: an alias and these addresses of its target in the same answer, time to live 5 seconds. With no addresses the
     * answer is the alias alone, whatever the target's script says.
     *
     * @throws IllegalArgumentException if the target is not a name, or an address is not an IP address
     */
    public DnsScript cname(String target, List<String> addresses) {
        return step(DnsAnswer.of(DnsRecords.cname(name, TTL, target, false, addresses.toArray(String[]::new))));
    }

    /** Step: the name exists, without records of this type. With an SOA record of 5 seconds, see {@link #soa}. */
    public DnsScript nodata() {
        return step(DnsAnswer.nodata());
    }

    /** Step: no such name. With an SOA record of 5 seconds, see {@link #soa}. */
    public DnsScript nxdomain() {
        return step(DnsAnswer.nxdomain());
    }

    /** Step: this response code, without records; {@link #soa} adds an SOA record. */
    public DnsScript rcode(Rcode rcode) {
        return step(DnsAnswer.rcode(rcode));
    }

    /**
     * Step: these bytes, with the first two replaced by the question's id.
     *
     * @throws IllegalArgumentException if there are more than 65535
     */
    public DnsScript raw(byte[] message) {
        return step(DnsAnswer.of(new Raw(message, false)));
    }

    /**
     * Step: these bytes, exactly.
     *
     * @throws IllegalArgumentException if there are more than 65535
     */
    public DnsScript rawWithOwnId(byte[] message) {
        return step(DnsAnswer.of(new Raw(message, true)));
    }

    /** Step: no answer at all; over TCP the connection stays open. */
    public DnsScript drop() {
        return step(DnsAnswer.of(new Silence()));
    }

    /** The next step is added to the script, for the questions after those answered so far, instead of replacing it. */
    public DnsScript then() {
        adding = true;
        return this;
    }

    /**
     * Modifier: the answer leaves this much later. Questions meanwhile are not held up. Default: none.
     *
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException if there is no step yet
     */
    public DnsScript delay(Duration delay) {
        Durations.requireNotNegative("delay", delay);
        return amend(answer -> answer.withDelay(delay));
    }

    /**
     * Modifier: over UDP the answer has no records and says it is truncated; over TCP it is complete.
     *
     * @throws IllegalStateException if there is no step yet
     */
    public DnsScript truncate() {
        return truncate(0);
    }

    /**
     * Modifier: over UDP the answer has the first {@code keep} records only and says it is truncated; over TCP it is
     * complete.
     *
     * @throws IllegalArgumentException if {@code keep} is negative
     * @throws IllegalStateException if there is no step yet
     */
    public DnsScript truncate(int keep) {
        if (keep < 0) {
            throw new IllegalArgumentException("keep: " + keep + " (expected: >= 0)");
        }
        return amend(answer -> answer.withTruncation(keep));
    }

    /**
     * Modifier: the answer carries an SOA record with these times, which say how long a "no" may be remembered: the
     * smaller of the two.
     *
     * @param ttl the record's own time to live, in whole seconds
     * @param minimum its last field, in whole seconds
     * @throws IllegalArgumentException if one is not in 0 to 4294967295 seconds
     * @throws IllegalStateException if there is no step yet, or it is {@link #raw} or {@link #drop}
     */
    public DnsScript soa(Duration ttl, Duration minimum) {
        DnsRecords.seconds(ttl);
        DnsRecords.seconds(minimum);
        return soa(new SoaTimes(ttl, minimum));
    }

    /**
     * Modifier: the answer carries no SOA record, as Lighthouse answers.
     *
     * @throws IllegalStateException if there is no step yet, or it is {@link #raw} or {@link #drop}
     */
    public DnsScript withoutSoa() {
        return soa(null);
    }

    /**
     * Modifier: over UDP these datagrams are sent right before the answer. With {@link #drop} they come alone.
     *
     * @throws IllegalStateException if there is no step yet
     */
    public DnsScript precededBy(Forgery... forgeries) {
        List<Forgery> sent = List.of(forgeries);
        return amend(answer -> answer.withForgeries(sent));
    }

    /**
     * Modifier: the step, with the modifiers written so far, is for this many questions. Default: 1.
     *
     * @throws IllegalArgumentException if it is not in 1 to 10000
     * @throws IllegalStateException if there is no step yet
     */
    public DnsScript times(int questions) {
        if (questions < 1 || questions > 10_000) {
            throw new IllegalArgumentException("times: " + questions + " (expected: 1...10000)");
        }
        scripts.repeatLast(name, type, questions - 1);
        return this;
    }

    /**
     * Modifier of the whole script: after the last step the first one comes again. For servers that hand out one address
     * per question, in turn.
     *
     * @throws IllegalStateException if there is no step yet
     */
    public DnsScript startingOver() {
        scripts.startOver(name, type);
        return this;
    }

    @Override
    public String toString() {
        return name.toString(true) + ' ' + (type == DnsScripts.EVERY_TYPE ? "every type" : Type.string(type));
    }

    private DnsScript step(DnsAnswer answer) {
        if (adding) {
            scripts.append(name, type, answer);
        } else {
            scripts.replace(name, type, answer);
        }
        adding = false;
        return this;
    }

    private DnsScript soa(@Nullable SoaTimes times) {
        return amend(answer -> {
            if (!(answer.content() instanceof Reply reply)) {
                throw new IllegalStateException(this + ": soa (expected: not after raw or drop)");
            }
            return answer.withContent(new Reply(reply.rcode(), reply.records(), times));
        });
    }

    private DnsScript amend(UnaryOperator<DnsAnswer> change) {
        scripts.amend(name, type, change);
        return this;
    }

    private void requireType(String step) {
        if (type == DnsScripts.EVERY_TYPE) {
            throw new IllegalStateException(this + ": " + step + " (expected: on(name, type))");
        }
    }
}

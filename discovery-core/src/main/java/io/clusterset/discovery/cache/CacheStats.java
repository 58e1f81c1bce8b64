package io.clusterset.discovery.cache;

/**
 * What the cache did since its discovery was made. Immutable; the numbers were read one after the other, not all at once.
 *
 * @param watched names asked for at present
 * @param remembered names nobody asks for at present and whose endpoints are still known
 * @param joined how often somebody began to watch a name and no question was needed for it
 * @param asked how often the cache asked a source; a source may answer more often than that, when a nameserver is back, say
 * @param found answers with endpoints
 * @param negative answers of "empty" and "no such name"
 * @param unknown answers that told nothing
 * @param confirmations how often an answer was asked for once more because it would have dropped most of what is known
 */
public record CacheStats(
        long watched,
        long remembered,
        long joined,
        long asked,
        long found,
        long negative,
        long unknown,
        long confirmations) {

    /** Both together. */
    public CacheStats plus(CacheStats other) {
        return new CacheStats(
                watched + other.watched,
                remembered + other.remembered,
                joined + other.joined,
                asked + other.asked,
                found + other.found,
                negative + other.negative,
                unknown + other.unknown,
                confirmations + other.confirmations);
    }
}

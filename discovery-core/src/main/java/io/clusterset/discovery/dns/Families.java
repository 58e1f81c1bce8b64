package io.clusterset.discovery.dns;

import io.clusterset.discovery.time.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Type;

/**
 * Which address families are worth asking: both, but one that said "nothing" three times in a row while the other has
 * addresses is asked once a minute. Used on the serial executor.
 */
final class Families {

    private static final int PATIENCE = 3;
    private static final long SELDOM = 60_000_000_000L;

    private final Ticker ticker;
    private final Family four = new Family(Type.A);
    private final Family six = new Family(Type.AAAA);

    Families(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Both, always. */
    static Families both() {
        return new Families(() -> 0);
    }

    List<Integer> types() {
        long now = ticker.nanos();
        List<Integer> wanted = new ArrayList<>(2);
        for (Family family : List.of(four, six)) {
            Family other = family == four ? six : four;
            boolean seldom = family.empty >= PATIENCE && other.empty == 0;
            if (!seldom || now - family.asked >= SELDOM) {
                wanted.add(family.type);
                family.asked = now;
            }
        }
        return wanted;
    }

    /** The answer in the light of earlier ones: one that could not tell hides addresses only if there have been some. */
    FamilyAnswer judged(int type, FamilyAnswer answer) {
        Family family = type == Type.A ? four : six;
        switch (answer.kind()) {
            case FOUND -> {
                family.empty = 0;
                family.found = true;
            }
            case EMPTY -> {
                family.empty++;
                family.found = false;
            }
            case NO_SUCH_NAME -> {
                family.empty = 0;
                family.found = false;
            }
            case UNKNOWN -> {
                return family.found ? answer.hidingSome() : answer;
            }
        }
        return answer;
    }

    private static final class Family {
        private final int type;
        private int empty;
        private boolean found; // when it last could tell
        private long asked;

        private Family(int type) {
            this.type = type;
        }
    }
}

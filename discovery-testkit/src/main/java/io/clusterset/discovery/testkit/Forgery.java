package io.clusterset.discovery.testkit;

/**
 * Datagrams that a careful client ignores while it waits on for the real answer; see
 * {@link DnsScript#precededBy(Forgery...)}. A client that believes one is found out: to A it says {@code 203.0.113.66},
 * to AAAA {@code 2001:db8::666}, to anything else NXDOMAIN.
 */
public enum Forgery {
    /** The id is not the question's. */
    WRONG_ID {
        @Override
        byte[] forge(byte[] poison) {
            poison[1] ^= 0x55;
            return poison;
        }
    },
    /** The question section (and with it the records) carry another name. */
    WRONG_NAME {
        @Override
        byte[] forge(byte[] poison) {
            poison[DnsWire.HEADER + 1] ^= 1;
            return poison;
        }
    },
    /** The question section carries another type. */
    WRONG_TYPE {
        @Override
        byte[] forge(byte[] poison) {
            poison[DnsWire.afterName(poison, DnsWire.HEADER) + 1] ^= 0x40;
            return poison;
        }
    },
    /** The response bit is not set: it looks like a question. */
    NOT_A_RESPONSE {
        @Override
        byte[] forge(byte[] poison) {
            poison[2] &= 0x7f;
            return poison;
        }
    },
    /** The id is right, the rest is noise. */
    GARBAGE {
        @Override
        byte[] forge(byte[] poison) {
            for (int i = 2; i < poison.length; i++) {
                poison[i] = (byte) 0xff;
            }
            poison[3] = (byte) 0x80;
            return poison;
        }
    },
    /** Shorter than a DNS header. */
    FRAGMENT {
        @Override
        byte[] forge(byte[] poison) {
            return new byte[] {poison[0], poison[1], poison[2]};
        }
    },
    /** Right in every byte, but sent from another port than the one that was asked. */
    WRONG_SOURCE {
        @Override
        byte[] forge(byte[] poison) {
            return poison;
        }
    };

    /** Turns a well-formed false answer (which is the callee's to change) into this forgery. */
    abstract byte[] forge(byte[] poison);
}

package io.clusterset.discovery.testkit;

import java.nio.ByteBuffer;

/** What a protocol makes of the bytes of one connection. */
interface TcpSession {

    /** Takes all the bytes, on the loop's thread; the buffer is reused afterwards. */
    void received(ByteBuffer bytes);
}

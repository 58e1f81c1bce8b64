package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/** What a dead server's port becomes when nobody says that nothing listens there: packets vanish, and are counted here. */
final class Silence implements AutoCloseable {

    private final DatagramSocket socket;
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    private Silence(DatagramSocket socket) {
        this.socket = socket;
    }

    static Silence at(InetSocketAddress address) throws IOException {
        Silence silence = new Silence(new DatagramSocket(address));
        Thread thread = new Thread(silence::listen, "silence");
        thread.setDaemon(true);
        thread.start();
        return silence;
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                var question = new Message(packet.getData()).getQuestion();
                asked.add(Asked.of(question.getName().toString(), Type.string(question.getType())));
            } catch (SocketException closed) {
                return;
            } catch (IOException unreadable) {
                asked.add(Asked.of("unreadable", unreadable.toString()));
            }
        }
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        socket.close();
    }
}

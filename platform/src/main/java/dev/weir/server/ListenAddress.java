package dev.weir.server;

import dev.weir.base.problem.Problem;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where a server listens.
 *
 * @param host a name or address of this machine
 * @param port 1 to 65535; 0 takes a free one
 */
public record ListenAddress(String host, int port) {
    /** The address that nobody but this machine reaches. */
    public static ListenAddress loopback(int port) {
        return new ListenAddress("127.0.0.1", port);
    }

    public ListenAddress {
        if (port < 0 || port > 65_535) {
            throw Problem.input("listen.port", "port: " + port + " (expected: 0 to 65535)")
                    .exception();
        }
    }

    /** Whether nobody but this machine reaches it. */
    boolean isLoopback() {
        return inet().isLoopbackAddress();
    }

    InetAddress inet() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw Problem.input(
                            "listen.host",
                            "host: " + host + " (expected: a name or address of this machine)")
                    .exception(e);
        }
    }
}

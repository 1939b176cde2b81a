/**
 * The server: it listens, keeps strangers out, and hands each request to the door whose protocol it
 * speaks. It decides nothing about models or runs.
 *
 * <p>In comes HTTP on the address of {@link dev.weir.server.ListenAddress}; out goes what a {@link
 * dev.weir.server.Door} answers through its {@link dev.weir.server.Call}. A connection has a thread
 * of the operating system while there are few of them, and a virtual one else. Without a token the
 * server listens on loopback only, and answers neither a page of another site nor a name that only
 * claims to be this machine.
 *
 * <p>Start at {@link dev.weir.server.Server}. A protocol is a room below this one ({@code
 * server.mlflow}), and its door is given to the server where everything is wired.
 *
 * <pre>{@code
 * try (Server server = Server.start(ListenAddress.loopback(8700), Optional.empty(), doors)) {
 *     server.address();        // http://127.0.0.1:8700
 * }
 * }</pre>
 */
@NullMarked
package dev.weir.server;

import org.jspecify.annotations.NullMarked;

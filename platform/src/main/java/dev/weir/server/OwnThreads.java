package dev.weir.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * HTTP/1.1 connections, each on a thread of the operating system while there are few. Helidon has
 * them on virtual threads, where to wait for the next request costs more CPU than to answer a small
 * one (a poller, a queue and two wake-ups for each). Connections beyond the few stay there.
 */
final class OwnThreads implements ServerConnectionSelector {
    /** Their stacks are touched by what is served only: some tens of kilobytes each. */
    private static final int MOST = 128;

    private final ServerConnectionSelector http =
            Http1ConnectionSelector.builder().config(Http1Config.create()).build();

    private final Semaphore free = new Semaphore(MOST);

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Connection(http.connection(context));
    }

    /** One connection; what Helidon asks of it is asked of its own. */
    private final class Connection implements ServerConnection, InterruptableTask<Void> {
        private final ServerConnection http;
        private @Nullable Throwable failure;

        Connection(ServerConnection http) {
            this.http = http;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            if (!free.tryAcquire()) {
                http.handle(limit);
                return;
            }
            Thread thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("connection")
                            .unstarted(() -> handleHere(limit));
            thread.start();
            awaited(thread);
            switch (failure) {
                case null -> {}
                case InterruptedException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }

        private void handleHere(Limit limit) {
            try {
                http.handle(limit);
            } catch (Throwable e) {
                failure = e; // thrown again where Helidon waits for it
            } finally {
                free.release();
            }
        }

        private static void awaited(Thread thread) {
            boolean interrupted = false;
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    thread.interrupt();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean canInterrupt() {
            return http instanceof InterruptableTask<?> task && task.canInterrupt();
        }

        @Override
        public void run() {
            throw new IllegalStateException("run (expected: handle)"); // as Helidon's own
        }

        @Override
        public Duration idleTime() {
            return http.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            http.close(interrupt);
        }
    }
}

package dev.weir.pipeline;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The launchers of a run: as many as programs ran at once, kept for the next. */
final class Launchers implements AutoCloseable {
    private final Queue<Launcher> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Launcher take() throws IOException {
        Launcher kept = idle.poll();
        return kept == null ? new Launcher() : kept;
    }

    void giveBack(Launcher launcher) {
        idle.add(launcher);
        if (closed) {
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Launcher launcher = idle.poll(); launcher != null; launcher = idle.poll()) {
            launcher.close();
        }
    }
}

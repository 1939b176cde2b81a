package dev.weir.cli;

import dev.weir.project.Doctor;
import dev.weir.project.Home;
import dev.weir.project.Project;
import dev.weir.project.Runtime;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What commands need; made when first asked for, so that {@code --version} opens nothing. */
public interface Services {
    /** The folder that the person is in. */
    Path folder();

    /** What tells the time. */
    Clock clock();

    /** The same, as if the person were in another folder. */
    Services in(Path folder);

    /** The version of Weir, {@code 0.1.0 (commit 1a2b3c4)}. */
    String version();

    /** What Weir runs on. */
    Runtime runtime();

    /** Whether Weir itself is whole: its JDK, its own files, its native libraries. */
    List<Doctor.Finding> ownHealth();

    /** Opens the home of a project; to be closed. */
    Home home(Project project);

    /**
     * What a server is to serve, and where.
     *
     * @param project whose home
     * @param port 0 takes a free one
     * @param tokenFile the secret that lets clients in
     */
    record Listening(Project project, String host, int port, Optional<Path> tokenFile) {}

    /** A server that listens until it is closed. */
    interface Served extends AutoCloseable {
        /** Where it listens. */
        URI address();

        /** The endpoints that the home has now, by name. */
        List<String> endpoints();

        @Override
        void close();
    }

    /** Starts a server; to be closed. */
    Served serve(Listening listening);

    /** Has {@code action} run when the person presses Ctrl-C, until the answer is closed. */
    AutoCloseable whenInterrupted(Runnable action);
}

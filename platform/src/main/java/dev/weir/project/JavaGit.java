package dev.weir.project;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.StatusCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.UserConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What {@link dev.weir.project.Git} says, by JGit: for machines without the program. It costs two
 * hundred times as much, so that no class of it is loaded where the program is.
 */
final class JavaGit {
    private final Path root;

    JavaGit(Path root) {
        this.root = root;
        if (!(SystemReader.getInstance() instanceof Unmeasured)) {
            SystemReader.setInstance(new Unmeasured(SystemReader.getInstance()));
        }
    }

    dev.weir.project.Git.State state() {
        try (Git git = around()) {
            if (git == null) {
                return new dev.weir.project.Git.State(null, true);
            }
            ObjectId head = git.getRepository().resolve(Constants.HEAD);
            return new dev.weir.project.Git.State(
                    head == null ? null : head.name(), !status(git).isClean());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link dev.weir.project.Git#branches()} has it. */
    List<String> branches() {
        try (Git git = around()) {
            if (git == null) {
                return List.of();
            }
            Repository repository = git.getRepository();
            String full = String.valueOf(repository.getFullBranch());
            if (full.startsWith(Constants.R_HEADS)) {
                return List.of(full.substring(Constants.R_HEADS.length()));
            }
            ObjectId head = repository.resolve(Constants.HEAD);
            return dev.weir.project.Git.branches(
                    repository.getRefDatabase().getRefs().stream()
                            .filter(ref -> head != null && head.equals(ref.getObjectId()))
                            .map(ref -> ref.getName())
                            .filter(
                                    name ->
                                            name.startsWith(Constants.R_HEADS)
                                                    || name.startsWith(Constants.R_REMOTES)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link dev.weir.project.Git#files()} has it; empty where there is no repository. */
    Optional<List<String>> files() {
        try (Git git = around()) {
            if (git == null) {
                return Optional.empty();
            }
            TreeSet<String> paths = new TreeSet<>(status(git).getUntracked());
            DirCache index = git.getRepository().readDirCache();
            for (int i = 0; i < index.getEntryCount(); i++) {
                paths.add(index.getEntry(i).getPathString());
            }
            String within = within(git.getRepository());
            return Optional.of(
                    paths.stream()
                            .filter(path -> path.startsWith(within))
                            .map(path -> path.substring(within.length()))
                            .filter(path -> Files.isRegularFile(root.resolve(path)))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void init() {
        try (Git git = Git.init().setDirectory(root.toFile()).setInitialBranch("main").call()) {
            git.add().addFilepattern(".").call();
            UserConfig user = git.getRepository().getConfig().get(UserConfig.KEY);
            boolean known = !user.isAuthorEmailImplicit();
            PersonIdent author =
                    known
                            ? new PersonIdent(git.getRepository())
                            : new PersonIdent("weir", "weir@localhost");
            git.commit()
                    .setMessage("Begin")
                    .setAuthor(author)
                    .setCommitter(author)
                    .setSign(false)
                    .setNoVerify(true)
                    .call();
        } catch (GitAPIException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    /** The repository that the project is in; null where it is in none. */
    private @Nullable Git around() throws IOException {
        FileRepositoryBuilder builder =
                new FileRepositoryBuilder().readEnvironment().findGitDir(root.toFile());
        return builder.getGitDir() == null
                ? null
                : new Git(builder.build()) {
                    @Override
                    public void close() {
                        getRepository().close();
                    }
                };
    }

    private Status status(Git git) throws IOException {
        StatusCommand status = git.status();
        String within = within(git.getRepository());
        if (!within.isEmpty()) {
            status.addPath(within.substring(0, within.length() - 1));
        }
        try {
            return status.call();
        } catch (GitAPIException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Where in the repository the project is: empty, or a path that ends in a slash. */
    private String within(Repository repository) throws IOException {
        String path =
                repository
                        .getWorkTree()
                        .toPath()
                        .toRealPath()
                        .relativize(root.toRealPath())
                        .toString()
                        .replace(File.separatorChar, '/');
        return path.isEmpty() ? "" : path + "/";
    }

    /**
     * Keeps JGit to the project: no search for a program's configuration, and no measuring of the
     * file system's clock, which takes seconds and leaves its result in the user's home.
     */
    private static final class Unmeasured extends SystemReader.Delegate {
        /**
         * What JGit takes itself where it could not measure; too coarse costs a look at content.
         */
        private static final long CLOCK_SECONDS = 2;

        Unmeasured(SystemReader system) {
            super(system);
        }

        @Override
        public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
            return new Nowhere(parent, fs);
        }

        @Override
        public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
            return new Nowhere(super.openUserConfig(parent, fs), fs);
        }

        @Override
        public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
            return new Nowhere(parent, fs);
        }

        /** A configuration in no file: it says what its parent does, but for the clock. */
        private static final class Nowhere extends FileBasedConfig {
            Nowhere(@Nullable Config parent, FS fs) {
                super(parent, new File("weir-no-such-file"), fs);
            }

            @Override
            public void load() {}

            @Override
            public void save() {}

            @Override
            public boolean isOutdated() {
                return false;
            }

            @Override
            public long getTimeUnit(
                    String section,
                    @Nullable String subsection,
                    String name,
                    long otherwise,
                    TimeUnit unit) {
                return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
                        ? unit.convert(CLOCK_SECONDS, TimeUnit.SECONDS)
                        : super.getTimeUnit(section, subsection, name, otherwise, unit);
            }
        }
    }
}

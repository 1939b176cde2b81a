import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.spi.ToolProvider;

/** Formats, or with --check only checks, every Java source below the given folders. */
class Format {
    public static void main(String[] args) throws IOException {
        boolean check = List.of(args).contains("--check");
        List<String> command = new ArrayList<>(check ? List.of("--aosp", "--dry-run", "--set-exit-if-changed") : List.of("--aosp", "--replace"));
        for (String root : args) {
            if (root.startsWith("--") || !Files.isDirectory(Path.of(root))) continue;
            try (var files = Files.walk(Path.of(root))) {
                files.filter(f -> f.toString().endsWith(".java")).filter(f -> !f.toString().contains("/target/")).map(Path::toString).sorted().forEach(command::add);
            }
        }
        int exit = ToolProvider.findFirst("google-java-format").orElseThrow().run(System.out, System.err, command.toArray(String[]::new));
        if (exit != 0 && check) System.err.println("The files above are not formatted. Mend them with: mvn process-sources -Dformat=fix");
        System.exit(exit);
    }
}

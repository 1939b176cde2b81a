/**
 * Where everything is wired. {@link dev.weir.app.Main} is what the launcher {@code weir} starts: it
 * builds the rooms by their constructors and hands a command to its door. Nothing imports this
 * package. {@link dev.weir.app.AppDirectory} is what the launcher starts it from: jars, native
 * libraries of this platform, and their digests.
 *
 * <pre>{@code
 * ./weir --version                         # sh: finds a JDK 25 and app/<stamp>/, becomes the JVM
 *   → dev.weir.app.Main.main("--version")  # prints, and answers an exit code (DESIGN section 6)
 * }</pre>
 */
@NullMarked
package dev.weir.app;

import org.jspecify.annotations.NullMarked;

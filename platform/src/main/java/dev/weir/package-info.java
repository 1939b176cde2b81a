/**
 * Weir, in nine folders whose list is the architecture; imports go downward only. See {@code
 * docs/architecture.md}.
 */
@NullMarked
package dev.weir;

import org.jspecify.annotations.NullMarked;

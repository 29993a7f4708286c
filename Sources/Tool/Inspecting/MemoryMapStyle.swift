// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// The colours of a memory map: its own when it is opened as a file, the
/// book's when it is part of a page there, light or dark either way.
enum MemoryMapStyle {
  static let css = """
    .memory-map {
      \(light)
      max-width: 46rem; margin: 0 auto; display: block;
      background: var(--color-background-primary, var(--map-page));
      font-family: var(--font-stack, sans-serif);
    }
    .drawing svg.memory-map { max-width: 46rem; }
    @media (prefers-color-scheme: dark) {
      .memory-map { \(dark) }
      body[data-theme="light"] .memory-map { \(light) }
    }
    body[data-theme="dark"] .memory-map { \(dark) }
    \(shapes)
    """

  private static let light = """
    --map-page: #fff; --map-text: #1c1e21; --map-line: #6b6f76; \
    --map-code: #fde3d3; --map-constants: #dfeaf7; --map-variables: #e2f1de; \
    --map-device: #ece3f6; --map-gap: #f1f1f3; --map-danger: #ffc9c9;
    """

  private static let dark = """
    --map-page: #131416; --map-text: #e4e6ea; --map-line: #a0a3a8; \
    --map-code: #4d2c1b; --map-constants: #1e3552; --map-variables: #1f412a; \
    --map-device: #3c2c54; --map-gap: #202225; --map-danger: #7a1c1c;
    """

  /// Each colour twice: for programs that know no variables.
  private static let shapes = """
    .memory-map text { fill: #1c1e21; fill: var(--map-text); font-size: 14px; }
    .memory-map .strong { font-weight: 600; }
    .memory-map .small { font-size: 12.5px; }
    .memory-map .mono { font-size: 12px;
      font-family: var(--font-stack--monospace, monospace); }
    .memory-map .access { font-size: 14px; }
    .memory-map .end { text-anchor: end; }
    .memory-map rect[class] { stroke: #6b6f76; stroke: var(--map-line); }
    .memory-map .code { fill: #fde3d3; fill: var(--map-code); }
    .memory-map .constants { fill: #dfeaf7; fill: var(--map-constants); }
    .memory-map .variables { fill: #e2f1de; fill: var(--map-variables); }
    .memory-map .device { fill: #ece3f6; fill: var(--map-device); }
    .memory-map .gap { fill: #f1f1f3; fill: var(--map-gap); }
    .memory-map .danger { fill: #ffc9c9; fill: var(--map-danger);
      stroke-width: 2.5; }
    .memory-map .pause { fill: none; stroke: #6b6f76; stroke: var(--map-line);
      stroke-dasharray: 3 4; }
    .memory-map .stripe { stroke: #6b6f76; stroke: var(--map-line);
      stroke-width: 1.5; opacity: 0.35; }
    """
}

"""What is measured, and against what. Each file prints its own figures; docs/performance.md keeps them."""

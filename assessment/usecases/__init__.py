"""The use cases, one module for each part of the procedure; ``assessment.workbench`` puts them together."""

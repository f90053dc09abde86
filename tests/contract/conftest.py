"""Fixtures of the contract tests."""

from tests.contract.scene import scene, stranger

__all__ = ["scene", "stranger"]

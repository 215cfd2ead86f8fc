"""Tests of promoting runs."""

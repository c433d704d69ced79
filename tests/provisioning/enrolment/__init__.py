"""Tests of enrolment cards as technicians handle them."""

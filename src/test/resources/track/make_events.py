"""Writes scalars.tfevents with TensorBoard's own writer (tensorboard 2.21): python make_events.py"""

import pathlib

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

EVENTS = [
    Event(wall_time=1700000000.25, file_version="brain.Event:2"),
    Event(wall_time=1700000001.5, step=2, summary=Summary(value=[
        Summary.Value(tag="train/loss", simple_value=0.5),
        Summary.Value(tag="train/grad_norm", simple_value=float("nan")),
        Summary.Value(tag="validation/ema/größe", simple_value=-3.0e-7)])),
    Event(wall_time=1700000002.0, step=3000000000, summary=Summary(value=[
        Summary.Value(tag="train/loss", simple_value=0.0),
        Summary.Value(tag="train/lr", simple_value=float("inf"))])),
    Event(wall_time=1700000003.0, step=301, session_log=SessionLog(status=SessionLog.START)),
]

with open(pathlib.Path(__file__).with_name("scalars.tfevents"), "wb") as file:
    writer = RecordWriter(file)
    for event in EVENTS:
        writer.write(event.SerializeToString())
    writer.flush()

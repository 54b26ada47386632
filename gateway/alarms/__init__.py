"""What is wrong with the box and its lines, and who is told of it.

`rules` make conditions of facts, `Ripening` makes alarms of conditions that last, `due` says which
of them are to be told, `Message` words that, and `channels` carry it. All of these but the channels
are pure. `AlarmWatch` puts them together, and `loop` sends test messages between own lines.
"""

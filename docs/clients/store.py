"""A store in Python: pip install paho-mqtt. Sends one message and says what becomes of it."""

import json
import os
import queue
import sys
import time

import paho.mqtt.client as mqtt

STORE, HOST = os.environ["STORE"], os.environ.get("BROKER", "127.0.0.1")
FINAL = {"delivered", "undelivered", "failed", "expired", "cancelled"}

heard: queue.Queue[tuple[str, dict]] = queue.Queue()
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, f"{STORE}-shop", protocol=mqtt.MQTTv5)
client.username_pw_set(STORE, os.environ.get("PASSWORD"))


@client.connect_callback()
def joined(client, *_):
    for kind in ("status", "rejected", "inbound"):
        client.subscribe(f"shopbell/v1/{STORE}/{kind}", qos=1)


@client.message_callback()
def note(_client, _data, message):
    heard.put((message.topic.rsplit("/", 1)[1], json.loads(message.payload)))


# The broker keeps what is said while the store is away: for a day, under this client id.
session = mqtt.Properties(mqtt.PacketTypes.CONNECT)
session.SessionExpiryInterval = 86_400
client.connect(HOST, int(os.environ.get("PORT", "1883")), clean_start=False, properties=session)
client.loop_start()

job = {"id": sys.argv[1], "to": sys.argv[2], "text": sys.argv[3], "purpose": "transactional"}
accepted = done = False
again = 0.0
while not done:
    if not accepted and time.monotonic() >= again:  # until it is heard of, the same job again
        client.publish(f"shopbell/v1/{STORE}/jobs", json.dumps(job), qos=1)
        again = time.monotonic() + 10
    try:
        kind, said = heard.get(timeout=1)
    except queue.Empty:
        continue
    if said.get("id") != job["id"]:
        continue  # of another job, or what a person wrote: yours to keep
    accepted = True
    done = kind == "rejected" or said["state"] in FINAL
    print(said["error"]["message"] if kind == "rejected" else said["state"], flush=True)
client.disconnect()

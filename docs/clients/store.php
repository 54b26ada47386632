<?php
// A store in PHP: composer require php-mqtt/client. Sends one message and says what becomes of it.
require __DIR__ . '/vendor/autoload.php';

use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\MqttClient;

$store = getenv('STORE');
[, $id, $to, $text] = $argv;
$job = ['id' => $id, 'to' => $to, 'text' => $text, 'purpose' => 'transactional'];
$final = ['delivered', 'undelivered', 'failed', 'expired', 'cancelled'];

// The broker keeps what is said while the store is away, under this client id: false below.
$client = new MqttClient(
    getenv('BROKER') ?: '127.0.0.1',
    (int) (getenv('PORT') ?: 1883),
    "$store-shop",
    MqttClient::MQTT_3_1_1
);
$settings = (new ConnectionSettings())->setUsername($store)->setPassword(getenv('PASSWORD') ?: null);
$client->connect($settings, false);

$accepted = false;
$hear = function (string $topic, string $payload) use ($client, $id, $final, &$accepted): void {
    $said = json_decode($payload, true, flags: JSON_THROW_ON_ERROR);
    if (($said['id'] ?? null) !== $id) {
        return; // of another job, or what a person wrote: yours to keep
    }
    $accepted = true;
    $rejected = str_ends_with($topic, '/rejected');
    echo ($rejected ? $said['error']['message'] : $said['state']), PHP_EOL;
    if ($rejected || in_array($said['state'], $final, true)) {
        $client->interrupt();
    }
};
foreach (['status', 'rejected', 'inbound'] as $kind) {
    $client->subscribe("shopbell/v1/$store/$kind", $hear, MqttClient::QOS_AT_LEAST_ONCE);
}

$publish = fn () => $client->publish(
    "shopbell/v1/$store/jobs",
    json_encode($job, JSON_THROW_ON_ERROR),
    MqttClient::QOS_AT_LEAST_ONCE
);
$publish();
$published = 0.0;
$client->registerLoopEventHandler(
    function (MqttClient $client, float $elapsed) use ($publish, &$accepted, &$published): void {
        if (!$accepted && $elapsed - $published >= 10) { // until it is heard of, the same job again
            $published = $elapsed;
            $publish();
        }
    }
);
$client->loop(true);
$client->disconnect();

"""The rendered Kubernetes objects keep what the manifests promise."""

import functools
import pathlib
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The arrows of the picture in README.md; "*" is anywhere outside.
ARROWS = {("*", "gateway", "scep"), ("*", "admin", "grpc"), ("*", "admin", "web"), ("gateway", "engine", "grpc"),
          ("admin", "engine", "grpc"), ("engine", "postgresql", 5432), ("migration", "postgresql", 5432)}
PARTS = {"gateway", "engine", "admin", "migration"}


@functools.cache
def rendered():
    text = subprocess.run(["kubectl", "kustomize", ROOT / "deploy/kubernetes"], check=True, capture_output=True,
                          text=True).stdout
    return [document for document in yaml.safe_load_all(text) if document]


def objects(kind):
    return {document["metadata"]["name"]: document for document in rendered() if document["kind"] == kind}


def workloads():
    return {**objects("Deployment"), **objects("Job")}


def pod(workload):
    return workload["spec"]["template"]["spec"]


def containers():
    return [(name, container) for name, workload in workloads().items() for container in pod(workload)["containers"]]


def component(selector):
    labels = selector.get("matchLabels", {})
    return labels.get("app.kubernetes.io/component") or labels.get("app.kubernetes.io/name")


def selected(policy):
    return component(policy["spec"]["podSelector"])


def is_dns(rule):
    return any(component_of_peer(peer) == "kube-dns" for peer in rule.get("to", []))


def component_of_peer(peer):
    labels = peer.get("podSelector", {}).get("matchLabels", {})
    return labels.get("k8s-app") or component(peer.get("podSelector", {}))


def allowed(direction, peers):
    """{(policy's part, peer's part or "*", port)} that the policies of a direction allow."""
    found = set()
    for policy in objects("NetworkPolicy").values():
        for rule in policy["spec"].get(direction, []):
            if not is_dns(rule):
                found |= {(selected(policy), component_of_peer(peer) if peer else "*", port["port"])
                          for peer in rule.get(peers, [None]) for port in rule["ports"]}
    return found


class Scaling(unittest.TestCase):
    def test_three_gateways_and_two_engines(self):
        replicas = {name: workload["spec"]["replicas"] for name, workload in objects("Deployment").items()}
        self.assertEqual({"gateway": 3, "engine": 2, "admin": 1}, replicas)

    def test_gateways_scale_from_three_by_cpu(self):
        scaler = objects("HorizontalPodAutoscaler")["gateway"]["spec"]
        self.assertEqual({"apiVersion": "apps/v1", "kind": "Deployment", "name": "gateway"}, scaler["scaleTargetRef"])
        self.assertEqual(3, scaler["minReplicas"])
        self.assertGreater(scaler["maxReplicas"], 3)
        self.assertIn("cpu", pod(objects("Deployment")["gateway"])["containers"][0]["resources"]["requests"])

    def test_a_disruption_leaves_gateways_and_an_engine(self):
        for name, least in (("gateway", 2), ("engine", 1)):
            budget = objects("PodDisruptionBudget")[name]["spec"]
            self.assertEqual(least, budget["minAvailable"])
            self.assertEqual(name, component(budget["selector"]))

    def test_replicas_spread_over_nodes_and_zones(self):
        for name, workload in objects("Deployment").items():
            keys = {(spread["topologyKey"], component(spread["labelSelector"]))
                    for spread in pod(workload)["topologySpreadConstraints"]}
            self.assertEqual({("kubernetes.io/hostname", name), ("topology.kubernetes.io/zone", name)}, keys)

    def test_a_rollout_never_takes_a_replica_away_first(self):
        for workload in objects("Deployment").values():
            self.assertEqual(0, workload["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"])

    def test_services_select_the_pods_of_their_name(self):
        self.assertEqual({"gateway", "engine", "admin"}, set(objects("Service")))
        for name, service in objects("Service").items():
            labels = objects("Deployment")[name]["spec"]["template"]["metadata"]["labels"]
            self.assertEqual(labels, labels | service["spec"]["selector"])
            self.assertEqual(name, service["spec"]["selector"]["app.kubernetes.io/component"])
        self.assertEqual("None", objects("Service")["engine"]["spec"]["clusterIP"])


class Probes(unittest.TestCase):
    def test_every_service_is_probed_on_its_health_port(self):
        for name, workload in objects("Deployment").items():
            container = pod(workload)["containers"][0]
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            self.assertIn({"name": "CERTIFIER_HEALTH_LISTEN", "value": f"0.0.0.0:{ports['health']}"}, container["env"])
            self.assertEqual({"path": "/readyz", "port": "health"}, container["readinessProbe"]["httpGet"], name)
            self.assertEqual({"path": "/healthz", "port": "health"}, container["livenessProbe"]["httpGet"], name)

    def test_the_health_port_is_on_no_service(self):
        for service in objects("Service").values():
            self.assertNotIn("health", [port["targetPort"] for port in service["spec"]["ports"]])

    def test_a_pod_has_longer_to_end_than_its_service_to_drain(self):
        for workload in objects("Deployment").values():
            self.assertGreater(pod(workload)["terminationGracePeriodSeconds"], 20)


class Network(unittest.TestCase):
    def test_nothing_is_allowed_by_default(self):
        policy = objects("NetworkPolicy")["deny-all"]["spec"]
        self.assertEqual({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, policy)

    def test_what_may_come_in_are_the_arrows(self):
        found = {(source, part, port) for part, source, port in allowed("ingress", "from")}
        self.assertEqual({arrow for arrow in ARROWS if arrow[1] in PARTS}, found)

    def test_what_may_go_out_are_the_arrows(self):
        self.assertEqual({arrow for arrow in ARROWS if arrow[0] in PARTS}, allowed("egress", "to"))

    def test_the_database_is_reached_in_its_own_namespace_only(self):
        peers = [peer for policy in objects("NetworkPolicy").values() for rule in policy["spec"].get("egress", [])
                 for peer in rule["to"] if component_of_peer(peer) == "postgresql"]
        self.assertEqual({"database"}, {peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
                                        for peer in peers})

    def test_every_port_of_a_policy_is_a_port_of_the_pod(self):
        for part, _, port in allowed("ingress", "from"):
            names = [named["name"] for named in pod(objects("Deployment")[part])["containers"][0]["ports"]]
            self.assertIn(port, names)


class Confinement(unittest.TestCase):
    def test_nobody_is_root(self):
        for name, workload in workloads().items():
            context = pod(workload)["securityContext"]
            self.assertTrue(context["runAsNonRoot"], name)
            self.assertGreater(context["runAsUser"], 0, name)
            self.assertEqual({"type": "RuntimeDefault"}, context["seccompProfile"], name)
            self.assertFalse(pod(workload)["automountServiceAccountToken"], name)

    def test_every_container_is_confined(self):
        for name, container in containers():
            self.assertEqual({"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                              "capabilities": {"drop": ["ALL"]}}, container["securityContext"], name)

    def test_every_container_has_its_resources(self):
        for name, container in containers():
            self.assertEqual({"cpu", "memory"}, set(container["resources"]["requests"]), name)
            self.assertIn("memory", container["resources"]["limits"], name)

    def test_the_namespace_enforces_the_restricted_standard(self):
        labels = objects("Namespace")["certifier"]["metadata"]["labels"]
        self.assertEqual("restricted", labels["pod-security.kubernetes.io/enforce"])


class Secrets(unittest.TestCase):
    def mounted(self, workload):
        return {volume["secret"]["secretName"] for volume in pod(workload)["volumes"]}

    def test_no_secret_is_contained(self):
        self.assertEqual({}, objects("Secret"))
        for name, container in containers():
            for variable in container["env"]:
                self.assertFalse(variable["name"].endswith(("PASSWORD", "SECRET")), name)
        self.assertNotIn("password", objects_text("ConfigMap"))

    def test_each_service_gets_its_own_secrets_and_no_others(self):
        expected = {"gateway": {"certifier-gateway-tls"}, "admin": {"certifier-admin-tls"},
                    "engine": {"certifier-engine-tls", "certifier-key-encryption-key", "certifier-database-password"},
                    "migration": {"certifier-database-password"}}
        self.assertEqual(expected, {name: self.mounted(workload) for name, workload in workloads().items()})

    def test_secrets_are_not_readable_by_everybody(self):
        for workload in workloads().values():
            for volume in pod(workload)["volumes"]:
                self.assertEqual(0o440, volume["secret"]["defaultMode"])

    def test_the_migration_is_a_job_of_the_engine(self):
        container = pod(objects("Job")["migration"])["containers"][0]
        engine = pod(objects("Deployment")["engine"])["containers"][0]
        self.assertEqual(["migrate"], container["args"])
        self.assertEqual(engine["image"], container["image"])


def objects_text(kind):
    return yaml.dump(objects(kind)).lower()


if __name__ == "__main__":
    unittest.main()

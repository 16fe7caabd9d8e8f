"""deploy/compose/compose.yaml keeps the picture's arrows and confines what it starts."""

import pathlib
import re
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "deploy/compose/compose.yaml").read_text())["services"]
CONFIGURATION = (ROOT / "deploy/compose/haproxy.cfg").read_text()
PROXY = {section.split("\n")[0]: section for section in re.split(r"^(?=\w)", CONFIGURATION, flags=re.MULTILINE)}
LASTING = {"postgres", "engine-1", "engine-2", "gateway-1", "gateway-2", "proxy", "admin"}


def volumes(service):
    return {volume.split(":")[0] for volume in SERVICES[service].get("volumes", [])}


class ComposeFile(unittest.TestCase):
    def test_it_has_two_engines_two_gateways_a_proxy_a_migration_and_the_admin_service(self):
        self.assertEqual(LASTING | {"secrets", "migrate", "ctl"}, set(SERVICES))

    def test_every_container_is_confined(self):
        for name, service in SERVICES.items():
            self.assertTrue(service["read_only"], name)
            self.assertEqual(["ALL"], service["cap_drop"], name)
            self.assertEqual(["no-new-privileges:true"], service["security_opt"], name)

    def test_everything_that_lasts_has_a_health_check(self):
        for name in LASTING:
            self.assertIn("test", SERVICES[name]["healthcheck"], name)

    def test_only_the_proxy_and_the_operators_door_are_published(self):
        published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
        self.assertEqual({"proxy", "admin"}, set(published))
        self.assertEqual(["9443", "8443"], [port.rsplit(":", 1)[1] for port in published["admin"]])
        for port in published["admin"]:
            self.assertTrue(port.startswith("127.0.0.1:"), port)

    def test_gateways_share_no_network_with_the_database(self):
        members = {name for name, service in SERVICES.items() if "database" in service.get("networks", [])}
        self.assertEqual({"postgres", "migrate", "engine-1", "engine-2"}, members)

    def test_each_service_mounts_its_own_secrets_and_no_others(self):
        self.assertEqual({"gateway-secrets"}, volumes("gateway-1"))
        self.assertEqual({"admin-secrets"}, volumes("admin"))
        self.assertEqual({"engine-secrets", "database-secrets"}, volumes("engine-1"))
        holders = {name for name in SERVICES if "internal-ca" in volumes(name)}
        self.assertEqual({"secrets"}, holders)

    def test_engines_start_after_the_migration_and_that_after_the_database(self):
        condition = {"condition": "service_completed_successfully"}
        self.assertEqual({"migrate": condition}, SERVICES["engine-2"]["depends_on"])
        self.assertEqual({"postgres": {"condition": "service_healthy"}}, SERVICES["migrate"]["depends_on"])
        self.assertEqual({"secrets": condition}, SERVICES["postgres"]["depends_on"])

    def test_the_proxy_believes_no_device_where_it_came_from(self):
        # HAProxy takes no rules in a defaults section without a name.
        self.assertNotIn("http-request", PROXY["defaults"])
        self.assertIn("http-request del-header X-Forwarded-For\n", PROXY["frontend scep"])
        self.assertIn("option forwardfor\n", PROXY["frontend scep"])

    def test_the_proxy_hands_every_request_to_both_gateways(self):
        heads = re.findall(r"^(\w+ \w+)$", CONFIGURATION, re.MULTILINE)
        self.assertEqual(len(heads), len(set(heads)), "a section is declared once")
        self.assertIn("default_backend gateways\n", PROXY["frontend scep"])
        self.assertEqual(["gateway-1:8080", "gateway-2:8080"],
                         re.findall(r"^ +server \S+ (\S+)", PROXY["backend gateways"], re.MULTILINE))


if __name__ == "__main__":
    unittest.main()

namespace Mimir.Configuration.Keys;

/// <summary>The keys of the files in <c>inventory/</c>.</summary>
public static class InventoryKeys
{
    /// <summary>How one signs in somewhere.</summary>
    public static KeyTable Auth { get; } = new("auth", "auth", [
        new("method", KeyType.Text, "How one signs in: ssh_key, token, ... Whoever uses the entry knows.")
        { Min = 1, Max = 64, Example = "\"ssh_key\"" },
        new("credential_ref", KeyType.Text, "The name of the secret, never the secret.")
        { Aliases = ["credentialRef"], Min = 1, Max = 128, Example = "\"PROXMOX_PVE1_TOKEN\"" },
    ]);

    /// <summary>A machine.</summary>
    public static KeyTable Host { get; } = new("a host", "hosts[]", [
        new("name", KeyType.Text, "Its name: no other host has it.")
        { Min = 1, Max = 64, Example = "\"pve1\"" },
        new("type", KeyType.Text, "What it is, in one word: linux, windows, macos, proxmox, network-device, generic, or another.")
        { Min = 1, Max = 64, Example = "\"proxmox\"" },
        new("address", KeyType.Text, "Its name in the network, or its address.")
        { Min = 1, Max = 255, Example = "\"10.0.0.5\"" },
        new("port", KeyType.Count, "The port.")
        { Min = 1, Max = 65_535, Example = "8006" },
        new("auth", KeyType.Group, "How one signs in.")
        { Group = Auth, Example = """{ "method": "token", "credential_ref": "PROXMOX_PVE1_TOKEN" }""" },
        new("tags", KeyType.TextList, "Words to find it by.")
        { Default = "[]", Max = 64, Example = """["prod"]""" },
    ])
    { Definition = "host" };

    /// <summary>Something that runs on a machine.</summary>
    public static KeyTable Service { get; } = new("a service", "services[]", [
        new("name", KeyType.Text, "Its name: no other service has it.")
        { Min = 1, Max = 64, Example = "\"grafana\"" },
        new("type", KeyType.Text, "What it is, in one word.")
        { Min = 1, Max = 64, Example = "\"dashboard\"" },
        new("host_ref", KeyType.Text, "The name of the host that it runs on.")
        { Aliases = ["hostRef"], Min = 1, Max = 64, Example = "\"pve1\"" },
        new("port", KeyType.Count, "The port.")
        { Min = 1, Max = 65_535, Example = "3000" },
        new("auth", KeyType.Group, "How one signs in.")
        { Group = Auth, Example = """{ "method": "token", "credential_ref": "GRAFANA_TOKEN" }""" },
        new("tags", KeyType.TextList, "Words to find it by.")
        { Default = "[]", Max = 64, Example = """["prod"]""" },
    ])
    { Definition = "service" };

    /// <summary>The rows at the top.</summary>
    public static KeyTable Table { get; } = new("a file of the inventory", "", [
        new("hosts", KeyType.GroupList, "Machines.") { Group = Host, Default = "[]", Max = 10_000, Example = """[{ "name": "pve1", "type": "proxmox", "address": "10.0.0.5" }]""" },
        new("services", KeyType.GroupList, "What runs on them.") { Group = Service, Default = "[]", Max = 10_000, Example = """[{ "name": "grafana", "type": "dashboard", "host_ref": "pve1" }]""" },
    ]);

    /// <summary>All tables.</summary>
    internal static IReadOnlyList<KeyTable> All { get; } = [Table, Host, Service, Auth];
}

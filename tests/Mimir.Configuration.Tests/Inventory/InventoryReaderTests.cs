using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Inventory;

/// <summary>What the files of the inventory may say.</summary>
public sealed class InventoryReaderTests
{
    [Theory]
    [InlineData("hosts:\nservices:\n", 0, 0)]
    [InlineData("# nothing yet\n", 0, 0)]
    [InlineData("hosts: [{ name: a, type: linux, address: h, port: , tags: }]", 1, 0)]
    [InlineData("services: [{ name: s, type: t, host_ref: other }]", 0, 1)]
    public void Load_Inventory_CountsWhatItHolds(string yaml, int hosts, int services)
    {
        using var workspace = new Workspace();
        workspace.Write("mimir.json", "{}");
        workspace.Write("inventory/a.yml", yaml);
        workspace.Write("inventory/z.yaml", "hosts: [{ name: other, type: linux, address: '${ADDRESS:-h}' }]");

        var result = workspace.Load();

        Expect.Clean(result);
        Assert.Equal((hosts + 1, services), (result.Plugins.Inventory.Hosts.Length, result.Plugins.Inventory.Services.Length));
    }

    [Theory]
    [InlineData("hosts: [{ name: a, type: linux }]", "hosts[0]", "has no address", "address: 10.0.0.5")]
    [InlineData("hosts: [{ type: linux, address: h }]", "hosts[0]", "has no name", "")]
    [InlineData("hosts: [{ name: a, type: linux, address: h, adress: h }]", "hosts[0].adress", "is not a key of a host", "Did you mean address?")]
    [InlineData("hosts: [{ name: a, type: linux, address: h, port: 70000 }]", "hosts[0].port", "", "")]
    [InlineData("hosts: [{ name: a, type: linux, address: h }, { name: a, type: linux, address: h }]", "hosts[1]", "has the name of a host", "another name")]
    [InlineData("hosts: [{ name: a, type: linux, address: h }]\nservices: [{ name: s, type: t, host_ref: b }]", "services[0].host_ref", "names no host", "")]
    [InlineData("hosts: [{ name: alpha, type: linux, address: h }]\nservices: [{ name: s, type: t, host_ref: alpga }]", "services[0].host_ref", "names no host", "Did you mean alpha?")]
    [InlineData("hosts: [{ name: a, type: linux, address: h, auth: { credential_ref: 'hunter2!' } }]", "hosts[0].auth.credential_ref", "the name of a secret", "mimir secret set")]
    [InlineData("host: []", "host", "is not a key", "Did you mean hosts?")]
    [InlineData("hosts: {}", "hosts", "must be an array", "")]
    public void Load_FaultyInventory_IsAnErrorWithItsPlace(string yaml, string key, string message, string remedy)
    {
        using var workspace = new Workspace();
        workspace.Write("mimir.json", "{}");
        var file = workspace.Write("inventory/hosts.yaml", yaml);

        var issue = Expect.Error(workspace.Load(), key, message, remedy);

        Assert.Equal(file, issue.File);
        Assert.DoesNotContain("hunter2", issue.ToString(), StringComparison.Ordinal);
    }
}

using Mimir.Configuration.Model;

namespace Mimir.Configuration.Tests.Inventory;

/// <summary>What an <c>inventory_access</c> lets through.</summary>
public sealed class InventoryFilterTests
{
    private static readonly InventoryBook Book = new(
        [
            new InventoryEntry("pve1", "proxmox") { Address = "a", Tags = ["prod", "big"] },
            new InventoryEntry("pve2", "proxmox") { Address = "b" },
            new InventoryEntry("nas", "linux") { Address = "c", Tags = ["prod"] },
        ],
        [new InventoryEntry("web", "http") { Host = "nas" }, new InventoryEntry("vm", "api") { Host = "pve1" }]);

    [Theory]
    [InlineData("hosts", "pve1 pve2 nas")]
    [InlineData("hosts:*", "pve1 pve2 nas")]
    [InlineData("hosts: *", "pve1 pve2 nas")]
    [InlineData("hosts:type=proxmox", "pve1 pve2")]
    [InlineData("hosts:type=prox*", "pve1 pve2")]
    [InlineData("hosts:type=Proxmox", "")]
    [InlineData("hosts:tag=prod", "pve1 nas")]
    [InlineData("hosts:tag=prod,type=linux", "nas")]
    [InlineData("hosts:tag=?????", "")]
    [InlineData("hosts:name=pve[2-9]", "pve2")]
    [InlineData("services", "web vm")]
    [InlineData("services:*", "web vm")]
    [InlineData("services:host=pve*", "vm")]
    [InlineData("services:type=http", "web")]
    public void Through_OneFilter_LeavesWhatItLetsThrough(string access, string names)
    {
        var seen = Book.Through([InventoryFilter.Parse(access)!]);

        Assert.Equal(names, string.Join(' ', seen.Hosts.Concat(seen.Services).Select(entry => entry.Name)));
    }

    [Fact]
    public void Through_SeveralFilters_LeavesWhatAnyLetsThrough()
    {
        var seen = Book.Through([InventoryFilter.Parse("hosts:name=nas")!, InventoryFilter.Parse("hosts:tag=big")!]);

        Assert.Equal(["pve1", "nas"], seen.Hosts.Select(entry => entry.Name));
        Assert.Empty(seen.Services);
        Assert.Empty(Book.Through([]).Hosts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("host")]
    [InlineData("hosts:")]
    [InlineData("hosts:proxmox")]
    [InlineData("hosts:type=")]
    [InlineData("hosts:host=pve1")]
    [InlineData("hosts:*,type=linux")]
    [InlineData("credentials:X")]
    public void Parse_WhatIsNotWrittenSo_LetsNothingThrough(string access) => Assert.Null(InventoryFilter.Parse(access));
}

using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Inventory;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>Reads the tree of one <c>plugin.toml</c>.</summary>
/// <param name="values">Reads values; replaces nothing in them.</param>
/// <param name="issues">Told what is wrong.</param>
internal sealed class ManifestReader(ValueReader values, IssueList issues)
{
    /// <summary>Reads.</summary>
    public PluginManifest Read(ConfigNode root)
    {
        var manifest = new PluginManifest(root);
        foreach (var (spec, node) in KnownMembers.Of(root, PluginKeys.Table, issues))
        {
            manifest = spec.Name switch
            {
                "plugin" => Identity(manifest, node),
                "runtime" => manifest with { Runtime = Runtime(node) },
                "security" => Security(manifest with { Security = node }, node),
                "requires" => Requires(manifest, node),
                _ => Tools(manifest, node),
            };
        }

        if (!manifest.Name.IsGiven)
        {
            issues.Error(root, "has no name", "Write [plugin], and below it: name = \"echo\"");
        }
        else if (manifest.Name.HasValue && !IsName(manifest.Name.Value))
        {
            issues.Error(manifest.Name.Source!, "is no name for a plugin", "Write a small letter, then small letters, digits, underscores and hyphens: echo, net-tools");
        }

        if (!manifest.Version.IsGiven)
        {
            issues.Error(root, "has no version", "Write under [plugin]: version = \"1.0.0\"");
        }

        if (manifest.Runtime is null)
        {
            issues.Error(root, "says not how it is started", "Write [runtime], and below it: entry = \"server.py\", or command = \"uvx\" and args");
        }

        return manifest;
    }

    private static bool IsName(string name) =>
        name[0] is >= 'a' and <= 'z' && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-');

    private PluginManifest Identity(PluginManifest manifest, ConfigNode node)
    {
        foreach (var (spec, value) in KnownMembers.Of(node, PluginKeys.Identity, issues))
        {
            manifest = spec.Name switch
            {
                "name" => manifest with { Name = values.Text(spec, value) },
                "version" => manifest with { Version = values.Text(spec, value) },
                "description" => manifest with { Description = values.Text(spec, value) },
                _ => manifest with { Enabled = values.Flag(spec, value) },
            };
        }

        return manifest;
    }

    private PluginRuntime Runtime(ConfigNode node)
    {
        var runtime = new PluginRuntime(node);
        foreach (var (spec, value) in KnownMembers.Of(node, PluginKeys.Runtime, issues))
        {
            runtime = spec.Name switch
            {
                "entry" => runtime with { Entry = values.Text(spec, value) },
                "command" => runtime with { Command = values.Text(spec, value) },
                "args" => runtime with { Arguments = values.TextList(spec, value) },
                "env" => runtime with { Environment = values.TextMap(spec, value) },
                "python" => runtime with { Python = values.Text(spec, value) },
                "deps" => runtime with { Packages = values.TextList(spec, value) },
                _ => runtime with { Venv = values.Text(spec, value) },
            };
        }

        return runtime;
    }

    private PluginManifest Security(PluginManifest manifest, ConfigNode node)
    {
        foreach (var (spec, value) in KnownMembers.Of(node, PluginKeys.Security, issues))
        {
            manifest = spec.Name switch
            {
                "credential_refs" => manifest with { CredentialRefs = values.TextList(spec, value) },
                "inventory_access" => manifest with { Access = Access(spec, value) },
                _ => Confinement(manifest, spec, value),
            };
        }

        return manifest;
    }

    private PluginManifest Confinement(PluginManifest manifest, KeySpec spec, ConfigNode node)
    {
        var isRead = spec.Type == KeyType.Flag ? values.Flag(spec, node).HasValue : values.TextList(spec, node).HasValue;
        return isRead ? manifest with { Confinements = manifest.Confinements.Add(new ConfigMember(spec.Name, node.Mark, node)) } : manifest;
    }

    private ImmutableArray<InventoryFilter> Access(KeySpec spec, ConfigNode node)
    {
        var filters = ImmutableArray.CreateBuilder<InventoryFilter>();
        foreach (var (_, text) in values.TextList(spec, node).Or([]))
        {
            if (!text.HasValue)
            {
                continue;
            }

            if (InventoryFilter.Parse(text.Value) is { } filter)
            {
                filters.Add(filter);
            }
            else
            {
                issues.Error(
                    text.Source!,
                    "is no part of the inventory",
                    text.Value.StartsWith("credentials", StringComparison.Ordinal) ? "Write the names of secrets under credential_refs" : $"Write {InventoryFilter.Example}");
            }
        }

        return filters.ToImmutable();
    }

    private PluginManifest Requires(PluginManifest manifest, ConfigNode node)
    {
        foreach (var (spec, value) in KnownMembers.Of(node, PluginKeys.Requires, issues))
        {
            foreach (var item in GroupList.Read(spec, value, issues) ?? [])
            {
                manifest = spec.Name == "hosts"
                    ? Host(item) is { } host ? manifest with { Hosts = manifest.Hosts.Add(host) } : manifest
                    : Credential(item) is { } credential ? manifest with { Credentials = manifest.Credentials.Add(credential) } : manifest;
            }
        }

        return manifest;
    }

    private HostNeed? Host(ConfigNode item)
    {
        Setting<string> type = default, tag = default, prompt = default;
        var min = 1;
        foreach (var (spec, value) in KnownMembers.Of(item, PluginKeys.HostNeed, issues))
        {
            switch (spec.Name)
            {
                case "type":
                    type = values.Text(spec, value);
                    break;
                case "tag":
                    tag = values.Text(spec, value);
                    break;
                case "min":
                    min = values.Count(spec, value).Or(1);
                    break;
                default:
                    prompt = values.Text(spec, value);
                    break;
            }
        }

        if (!type.IsGiven && item.Kind == ConfigKind.Object)
        {
            issues.Error(item, "has no type", "Write the type of the hosts: type = \"proxmox\"");
        }

        return type.HasValue ? new HostNeed(type.Value, tag.HasValue ? tag.Value : null, min, prompt.Or("").Trim()) : null;
    }

    private CredentialNeed? Credential(ConfigNode item)
    {
        Setting<string> pattern = default, prompt = default;
        foreach (var (spec, value) in KnownMembers.Of(item, PluginKeys.CredentialNeed, issues))
        {
            if (spec.Name == "pattern")
            {
                pattern = values.Text(spec, value);
            }
            else
            {
                prompt = values.Text(spec, value);
            }
        }

        if (!pattern.IsGiven && item.Kind == ConfigKind.Object)
        {
            issues.Error(item, "has no pattern", "Write the name of the secret: pattern = \"PROXMOX_PVE1_TOKEN\"");
        }

        return pattern.HasValue ? new CredentialNeed(pattern.Value, prompt.Or("").Trim(), pattern.Source!) : null;
    }

    private PluginManifest Tools(PluginManifest manifest, ConfigNode node)
    {
        foreach (var (spec, value) in KnownMembers.Of(node, PluginKeys.Tools, issues))
        {
            manifest = spec.Name == "whitelist" ? manifest with { Whitelist = value } : manifest with { Blacklist = value };
        }

        return manifest;
    }
}

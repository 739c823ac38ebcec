using System.Text.Json;
using Mimir.Embed.Announcing;
using Mimir.Embed.Hosting;

namespace Mimir.Embed.Tests.Announcing;

/// <summary>How a host is announced on the machine.</summary>
public sealed class AnnouncementTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("mimir-hosts-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Write_AHost_IsThereUntilItIsTakenBack()
    {
        var folder = Path.Combine(_home, "state", "hosts");
        using (Announcement.Write(folder, "My \"Game\" / 1", new Uri("http://127.0.0.1:3000/mcp"), needsToken: true))
        {
            var file = Assert.Single(Directory.GetFiles(folder));
            var said = JsonElement.Parse(File.ReadAllText(file));
            Assert.Equal(
                (1, "My \"Game\" / 1", "http://127.0.0.1:3000/mcp", Environment.ProcessId, true),
                (said.GetProperty("version").GetInt32(), said.GetProperty("name").GetString(), said.GetProperty("url").GetString(), said.GetProperty("pid").GetInt32(), said.GetProperty("needsToken").GetBoolean()));
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            Assert.Equal(process.StartTime.ToUniversalTime(), said.GetProperty("started").GetDateTime());
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Write_TwoHostsOfAProcess_DoNotReplaceOneAnother_AndOneAtTheSamePlaceDoes()
    {
        using var first = Announcement.Write(_home, "a", new Uri("http://127.0.0.1:3000/mcp"), false);
        using var second = Announcement.Write(_home, "b", new Uri("http://127.0.0.1:3001/mcp"), false);
        using var again = Announcement.Write(_home, "c", new Uri("http://127.0.0.1:3001/mcp"), false);

        Assert.Equal(["a", "c"], Directory.GetFiles(_home).Select(f => JsonElement.Parse(File.ReadAllText(f)).GetProperty("name").GetString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_AHost_IsAnnouncedUntilItStopsUnlessItSaysOtherwise(bool isAnnounced)
    {
        var host = new McpHost(new McpHostOptions { Port = 0, Name = $"announced {Guid.NewGuid()}", IsAnnounced = isAnnounced });
        string[] Found() => [.. Directory.Exists(HostFolder.ForUser()!) ? Directory.GetFiles(HostFolder.ForUser()!).Select(File.ReadAllText).Where(t => t.Contains(host.Options.Name, StringComparison.Ordinal)) : []];

        host.Start();
        Assert.Equal(isAnnounced ? 1 : 0, Found().Length);
        if (isAnnounced) Assert.Contains(host.Endpoint!.AbsoluteUri, Found()[0], StringComparison.Ordinal);

        await host.StopAsync();
        Assert.Empty(Found());
    }

    [Theory]
    [InlineData("XDG_STATE_HOME=/state;HOME=/home/me", "/state/mimir/hosts")]
    [InlineData("XDG_STATE_HOME=state;HOME=/home/me", "/home/me/.local/state/mimir/hosts")]
    [InlineData("HOME=/home/me", "/home/me/.local/state/mimir/hosts")]
    [InlineData("HOME=", null)]
    public void ForUser_OnLinux_IsTheFolderOfItsState(string variables, string? expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The folder is another one there.");
        var set = variables.Split(';').Select(static v => v.Split('=')).ToDictionary(static v => v[0], static v => v[1]);
        Assert.Equal(expected, HostFolder.ForUser(set.GetValueOrDefault));
    }
}

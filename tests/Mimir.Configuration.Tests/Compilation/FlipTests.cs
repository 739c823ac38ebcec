using Mimir.Configuration.Keys;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Compilation;

/// <summary>Every key that is read changes the model: none is forgotten by the binder, the compiler or an equality.</summary>
public sealed class FlipTests
{
    private static readonly Dictionary<string, (string Base, string Flipped)> Servers = new(StringComparer.Ordinal)
    {
        ["command"] = ("\"command\": \"x\"", "\"command\": \"y\""),
        ["args"] = ("\"command\": \"x\", \"args\": [\"a\", \"b\"]", "\"command\": \"x\", \"args\": [\"b\", \"a\"]"),
        ["env"] = ("\"command\": \"x\", \"env\": { \"A\": \"1\" }", "\"command\": \"x\", \"env\": { \"A\": \"2\" }"),
        ["credentialRefs"] = ("\"command\": \"x\", \"credentialRefs\": [\"FLIP_A\"]", "\"command\": \"x\", \"credentialRefs\": [\"FLIP_B\"]"),
        ["cwd"] = ("\"command\": \"x\", \"cwd\": \"/a\"", "\"command\": \"x\", \"cwd\": \"/b\""),
        ["url"] = ("\"url\": \"http://h/a\"", "\"url\": \"http://h/b\""),
        ["headers"] = ("\"url\": \"http://h/\", \"headers\": { \"A\": \"1\" }", "\"url\": \"http://h/\", \"headers\": { \"A\": \"2\" }"),
        ["type"] = ("\"url\": \"http://h/\", \"type\": \"http\"", "\"url\": \"http://h/\", \"type\": \"sse\""),
        ["enabled"] = ("\"command\": \"x\", \"enabled\": true", "\"command\": \"x\", \"enabled\": false"),
        ["disabled"] = ("\"command\": \"x\", \"disabled\": false", "\"command\": \"x\", \"disabled\": true"),
        ["quarantine"] = ("\"command\": \"x\", \"quarantine\": \"a\"", "\"command\": \"x\", \"quarantine\": \"b\""),
        ["prefix"] = ("\"command\": \"x\", \"prefix\": \"p\"", "\"command\": \"x\", \"prefix\": \"q\""),
        ["protocol"] = ("\"command\": \"x\", \"protocol\": \"auto\"", "\"command\": \"x\", \"protocol\": \"2025-06-18\""),
        ["startupTimeout"] = ("\"command\": \"x\", \"startupTimeout\": 1", "\"command\": \"x\", \"startupTimeout\": 2"),
        ["callTimeout"] = ("\"command\": \"x\", \"callTimeout\": 1", "\"command\": \"x\", \"callTimeout\": 2"),
        ["resend"] = ("\"command\": \"x\", \"resend\": \"unsent\"", "\"command\": \"x\", \"resend\": \"idempotent\""),
        ["autostart"] = ("\"command\": \"x\", \"autostart\": true", "\"command\": \"x\", \"autostart\": false"),
        ["idleTimeout"] = ("\"command\": \"x\", \"idleTimeout\": 1", "\"command\": \"x\", \"idleTimeout\": 2"),
        ["maxStarts"] = ("\"command\": \"x\", \"maxStarts\": 1", "\"command\": \"x\", \"maxStarts\": 2"),
        ["limits"] = ("\"command\": \"x\", \"limits\": { \"memory\": \"64MiB\" }", "\"command\": \"x\", \"limits\": { \"memory\": \"65MiB\" }"),
        ["cluster"] = ("\"command\": \"x\", \"cluster\": \"p\", \"prefix\": \"p\"", "\"command\": \"x\", \"cluster\": \"q\", \"prefix\": \"p\""),
        ["priority"] = ("\"command\": \"x\", \"priority\": 1", "\"command\": \"x\", \"priority\": 2"),
        ["routes"] = ("\"command\": \"x\", \"routes\": [{ \"pattern\": \"a\" }]", "\"command\": \"x\", \"routes\": [{ \"pattern\": \"a\", \"strategy\": \"path\" }]"),
        ["healthCheck"] = ("\"command\": \"x\"", "\"command\": \"x\", \"healthCheck\": {}"),
        ["circuitBreaker"] = ("\"command\": \"x\"", "\"command\": \"x\", \"circuitBreaker\": {}"),
        ["attemptTimeout"] = ("\"command\": \"x\", \"attemptTimeout\": 1", "\"command\": \"x\", \"attemptTimeout\": 2"),
        ["idempotent"] = ("\"command\": \"x\", \"resend\": \"idempotent\", \"idempotent\": [\"a\"]", "\"command\": \"x\", \"resend\": \"idempotent\", \"idempotent\": [\"b\"]"),
        ["maxConcurrent"] = ("\"command\": \"x\", \"maxConcurrent\": 1", "\"command\": \"x\", \"maxConcurrent\": 2"),
        ["maxQueued"] = ("\"command\": \"x\", \"maxQueued\": 1", "\"command\": \"x\", \"maxQueued\": 2"),
        ["allowedTools"] = ("\"command\": \"x\", \"allowedTools\": [\"a\"]", "\"command\": \"x\", \"allowedTools\": [\"b\"]"),
        ["deniedTools"] = ("\"command\": \"x\", \"deniedTools\": [\"a\"]", "\"command\": \"x\", \"deniedTools\": [\"b\"]"),
        ["allowedPrompts"] = ("\"command\": \"x\", \"allowedPrompts\": [\"a\"]", "\"command\": \"x\", \"allowedPrompts\": [\"b\"]"),
        ["deniedPrompts"] = ("\"command\": \"x\", \"deniedPrompts\": [\"a\"]", "\"command\": \"x\", \"deniedPrompts\": [\"b\"]"),
        ["allowedResources"] = ("\"command\": \"x\", \"allowedResources\": [\"a\"]", "\"command\": \"x\", \"allowedResources\": [\"b\"]"),
        ["deniedResources"] = ("\"command\": \"x\", \"deniedResources\": [\"a\"]", "\"command\": \"x\", \"deniedResources\": [\"b\"]"),
        ["sharing"] = ("\"command\": \"x\", \"sharing\": \"shared\"", "\"command\": \"x\", \"sharing\": \"session\""),
    };

    // Where an app is reached is no matter of the file: AppStageTests.
    public static TheoryData<string> ServerKeyNames => [.. ServerKeys.Table.ReadNames.Where(name => name is not ("$schema" or "app"))];

    public static TheoryData<string> LimitNames => [.. LimitsKeys.Table.ReadNames];

    [Theory]
    [MemberData(nameof(ServerKeyNames))]
    public void Server_KeyChanged_ChangesTheModel(string key)
    {
        var (before, after) = Servers[key];

        Assert.Equal(Load(before), Load(before));
        Assert.NotEqual(Load(before), Load(after));

        static Wanted Load(string body) => new(Expect.Clean(Workspace.LoadServer(body, ("FLIP_A", "1"), ("FLIP_B", "1"))));
    }

    [Theory]
    [InlineData("\"command\": \"x\", \"env\": { \"A\": \"1\" }", "\"command\": \"x\", \"env\": { \"B\": \"1\" }")]
    [InlineData("\"command\": \"x\", \"env\": { \"A\": \"1\" }", "\"command\": \"x\", \"env\": { \"a\": \"1\" }")]
    [InlineData("\"command\": \"x\", \"env\": {}", "\"command\": \"x\", \"env\": { \"A\": \"\" }")]
    [InlineData("\"command\": \"x\", \"args\": []", "\"command\": \"x\", \"args\": [\"\"]")]
    [InlineData("\"command\": \"x\", \"args\": [\"a b\"]", "\"command\": \"x\", \"args\": [\"a\", \"b\"]")]
    [InlineData("\"command\": \"x\"", "\"command\": \"x\", \"cwd\": \"/\"")]
    [InlineData("\"url\": \"http://h/?a\"", "\"url\": \"http://h/?b\"")]
    [InlineData("\"url\": \"http://h/\"", "\"url\": \"https://h/\"")]
    [InlineData("\"url\": \"http://h/A\"", "\"url\": \"http://h/a\"")]
    [InlineData("\"url\": \"http://h/\", \"protocol\": \"auto\"", "\"url\": \"http://h/\", \"protocol\": \"sse\"")]
    [InlineData("\"url\": \"http://h/\", \"protocol\": \"2025-06-18\"", "\"url\": \"http://h/\", \"protocol\": \"2025-11-25\"")]
    public void Server_ChangedInDetail_IsUnequal(string before, string after) =>
        Assert.NotEqual(Expect.Server(Workspace.LoadServer(before)), Expect.Server(Workspace.LoadServer(after)));

    [Theory]
    [InlineData("\"command\": \"x\"", "\"sharing\": \"auto\", \"protocol\": \"auto\", \"args\": [], \"command\": \"x\", \"type\": \"stdio\", \"startupTimeout\": 30, \"callTimeout\": \"5m\"")]
    [InlineData("\"command\": \"x\", \"env\": { \"A\": \"1\", \"B\": \"2\" }", "\"env\": { \"B\": \"2\", \"A\": \"1\" }, \"command\": \"x\"")]
    [InlineData("\"url\": \"http://h/\", \"type\": \"streamable-http\"", "\"serverUrl\": \"http://h/\"")]
    public void Server_SaidOtherwise_IsEqual(string one, string other) =>
        Assert.Equal(Expect.Server(Workspace.LoadServer(one)), Expect.Server(Workspace.LoadServer(other)));

    [Theory]
    [MemberData(nameof(LimitNames))]
    public void Limit_Changed_ChangesItsOwnMember(string key)
    {
        var spec = LimitsKeys.Table.Find(key)!;
        var written = spec.Type == KeyType.Duration ? $"\"{spec.Max}ms\"" : $"{spec.Max}";

        var limits = Expect.Clean(Workspace.LoadText($"{{ \"limits\": {{ \"{key}\": {written} }} }}")).Limits;

        var changed = typeof(LimitsModel).GetProperties().Where(p => !Equals(p.GetValue(limits), p.GetValue(new LimitsModel()))).ToArray();
        var member = Assert.Single(changed);
        Assert.Equal(key, member.Name, ignoreCase: true);
        Assert.Equal(spec.Max, member.GetValue(limits) is TimeSpan time ? (long)time.TotalMilliseconds : Convert.ToInt64(member.GetValue(limits), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(LimitNames))]
    public void Limit_Default_IsTheRoutersOwn(string key)
    {
        var spec = LimitsKeys.Table.Find(key)!;

        Assert.Equal(new LimitsModel(), Expect.Clean(Workspace.LoadText($"{{ \"limits\": {{ \"{key}\": {spec.Default} }} }}")).Limits);
        Expect.Error(Workspace.LoadText($"{{ \"limits\": {{ \"{key}\": {Written(spec, spec.Max + 1)} }} }}"), $"limits.{key}", "too large", spec.Bounds);
        if (spec.Min > 0)
        {
            Expect.Error(Workspace.LoadText($"{{ \"limits\": {{ \"{key}\": {Written(spec, spec.Min - 1)} }} }}"), $"limits.{key}", "too small", spec.Bounds);
        }

        static string Written(KeySpec spec, long value) => spec.Type == KeyType.Duration ? $"\"{value}ms\"" : $"{value}";
    }

    [Fact]
    public void ServerLimits_EachKey_IsItsOwnMember()
    {
        Assert.Equal(new ProcessLimits(Memory: 5L << 30), Load("\"memory\": \"5GiB\""));
        Assert.Equal(new ProcessLimits(Memory: 5L << 30), Load("\"memory\": 5368709120"));
        Assert.Equal(new ProcessLimits(Processes: 7), Load("\"processes\": 7"));
        Assert.Equal(new ProcessLimits(OpenFiles: 64), Load("\"openFiles\": 64"));
        Assert.Equal(ProcessLimits.None, Load(""));
        Expect.Error(Workspace.LoadServer("\"command\": \"x\", \"limits\": { \"memory\": \"1MiB\" }"), "mcpServers.a.limits.memory", "too small", "16MiB to 1024GiB");
        Expect.Error(Workspace.LoadServer("\"command\": \"x\", \"limits\": { \"memori\": 1 }"), "mcpServers.a.limits.memori", "is not a key of limits of a server", "Did you mean memory?");
        Expect.Error(Workspace.LoadServer("\"url\": \"http://h/\", \"limits\": { \"openFiles\": 64 }"), "mcpServers.a.limits", "go with command");

        static ProcessLimits Load(string body) =>
            ((StdioModel)Expect.Server(Workspace.LoadServer($"\"command\": \"x\", \"limits\": {{ {body} }}")).Transport).Limits;
    }

    [Theory]
    [InlineData("\"mode\": \"off\"", "\"mode\": \"durable\"")]
    [InlineData("\"path\": \"/a\"", "\"path\": \"/b\"")]
    [InlineData("\"maxBytes\": \"1MiB\"", "\"maxBytes\": \"2MiB\"")]
    [InlineData("\"keep\": 1", "\"keep\": 2")]
    public void Audit_KeyChanged_ChangesTheModel(string before, string after)
    {
        Assert.Equal(Load(before), Load(before));
        Assert.NotEqual(Load(before), Load(after));
        Assert.NotEqual(Load(before), new AuditModel());

        static AuditModel Load(string body) => Expect.Clean(Workspace.LoadText($"{{ \"audit\": {{ {body} }} }}")).Audit;
    }

    [Theory]
    [InlineData("\"backend\": \"noop\"", "\"backend\": \"file\"")]
    [InlineData("\"path\": \"/a\"", "\"path\": \"/b\"")]
    [InlineData("\"maxEntries\": 1", "\"maxEntries\": 2")]
    [InlineData("\"maxBytes\": \"1MiB\"", "\"maxBytes\": \"2MiB\"")]
    [InlineData("\"maxEntryBytes\": \"1KiB\"", "\"maxEntryBytes\": \"2KiB\"")]
    public void Memory_KeyChanged_ChangesTheModel(string before, string after)
    {
        Assert.Equal(Load(before), Load(before));
        Assert.NotEqual(Load(before), Load(after));
        Assert.NotEqual(new MemoryModel(), Load(after));

        static MemoryModel Load(string body) => Expect.Clean(Workspace.LoadText($"{{ \"memory\": {{ {body} }} }}")).Memory;
    }

    [Fact]
    public void Memory_Defaults_AreTheRoutersOwn() => Assert.Equal(
        new MemoryModel(),
        Expect.Clean(Workspace.LoadText($"{{ \"memory\": {{ {string.Join(", ", MemoryKeys.Table.Keys.Where(k => k.Default is not null).Select(k => $"\"{k.Name}\": {k.Default}"))} }} }}")).Memory);

    [Fact]
    public void Limits_EveryMember_HasAKey() => Assert.Equal(
        typeof(LimitsModel).GetProperties().Select(p => p.Name).Order(StringComparer.OrdinalIgnoreCase),
        LimitsKeys.Table.ReadNames.Order(StringComparer.OrdinalIgnoreCase),
        StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Server_Defaults_AreThoseOfTheTable()
    {
        var plain = Expect.Server(Workspace.LoadServer("\"command\": \"x\""));
        foreach (var spec in ServerKeys.Table.Keys.Where(spec => spec.Default is not null && spec.Name != "headers"))
        {
            Assert.Equal(plain, Expect.Server(Workspace.LoadServer($"\"command\": \"x\", \"{spec.Name}\": {spec.Default}")));
        }
    }

    [Fact]
    public void Naming_Keys_ChangeTheModel()
    {
        Assert.Equal(new NamingModel(), Load("\"separator\": \"_\", \"prefix\": \"always\""));
        Assert.Equal(new NamingModel { Separator = "__" }, Load("\"separator\": \"__\""));
        Assert.Equal(new NamingModel { LabelsDescriptions = true }, Load("\"labelDescriptions\": true"));
        Assert.Equal(new NamingModel { Prefix = PrefixMode.Never }, Load("\"prefix\": \"never\""));

        static NamingModel Load(string body) => Expect.Clean(Workspace.LoadText($"{{ \"naming\": {{ {body} }} }}")).Naming;
    }

    /// <summary>Compares servers one by one, as a reconciler does, and what is allowed of them.</summary>
    private sealed class Wanted(RouterModel model) : IEquatable<Wanted>
    {
        private readonly RouterModel _model = model;

        public bool Equals(Wanted? other) =>
            other is not null && _model.Servers.SequenceEqual(other._model.Servers)
            && _model.Servers.Select(static s => s.Quarantine).SequenceEqual(other._model.Servers.Select(static s => s.Quarantine)) && _model.Permissions == other._model.Permissions;

        public override bool Equals(object? obj) => Equals(obj as Wanted);

        public override int GetHashCode() => _model.Servers.Length;
    }
}

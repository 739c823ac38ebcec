using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Binding;

/// <summary>How calls are kept, as the file and the environment say.</summary>
public sealed class AuditBinderTests
{
    private static readonly (string, string)[] Variables =
        [("MIMIR_AUDIT_LOG", "/var/a.log"), ("MIMIR_AUDIT_MAX_BYTES", "1048576"), ("MIMIR_AUDIT_BACKUP_COUNT", "3")];

    [Fact]
    public void Audit_NothingSaid_IsRelaxed() =>
        Assert.Equal(new AuditModel { Mode = AuditMode.Relaxed, Path = null, MaxBytes = 10485760, Keep = 7 }, Expect.Clean(Workspace.LoadText("{}")).Audit);

    [Fact]
    public void Audit_Variables_HoldWhereTheFileSaysNothing()
    {
        Assert.Equal(new AuditModel { Path = "/var/a.log", MaxBytes = 1 << 20, Keep = 3 }, Expect.Clean(Workspace.LoadText("{}", Variables)).Audit);
        Assert.Equal(
            new AuditModel { Mode = AuditMode.Durable, Path = "/own", MaxBytes = 2 << 20, Keep = 3 },
            Expect.Clean(Workspace.LoadText("""{ "audit": { "mode": "durable", "path": "/own", "maxBytes": "2MiB" } }""", Variables)).Audit);
        Assert.Equal(new AuditModel(), Expect.Clean(Workspace.LoadText("{}", ("MIMIR_AUDIT_LOG", ""), ("MIMIR_AUDIT_MAX_BYTES", ""), ("MIMIR_AUDIT_BACKUP_COUNT", ""))).Audit);
    }

    [Theory]
    [InlineData("MIMIR_AUDIT_MAX_BYTES", "7")]
    [InlineData("MIMIR_AUDIT_MAX_BYTES", "much")]
    [InlineData("MIMIR_AUDIT_BACKUP_COUNT", "0")]
    public void Audit_AVariableThatDoesNotFit_IsAnErrorThatNamesIt(string name, string value) =>
        Expect.Error(Workspace.LoadText("{}", (name, value)), name, "what it expands to is");

    [Theory]
    [InlineData("""{ "audit": { "mode": "durabel" } }""", "audit.mode", "is not one of off, relaxed, durable", "Did you mean \"durable\"?")]
    [InlineData("""{ "audit": { "pth": "/a" } }""", "audit.pth", "is not a key of audit", "path")]
    [InlineData("""{ "audit": { "maxBytes": 1 } }""", "audit.maxBytes", "too small", "64KiB to 1GiB")]
    [InlineData("""{ "audit": { "path": "a\u0000b" } }""", "audit.path", "holds the character NUL", "Remove it")]
    [InlineData("""{ "audit": { "keep": 0 } }""", "audit.keep", "too small", "1 to 100")]
    public void Audit_WrittenWrong_IsAnError(string json, string key, string message, string remedy) => Expect.Error(Workspace.LoadText(json), key, message, remedy);
}

namespace Mimir.Router.Bridging;

/// <summary>Stands for all modern clients where calls are told apart by the session that made them.</summary>
internal sealed class BridgeMark
{
    /// <summary>The only one.</summary>
    public static readonly BridgeMark Modern = new();

    private BridgeMark()
    {
    }
}

namespace Mimir.Protocol.Headers;

/// <summary>What comparing headers with arguments has found: the first fault and the header it is about.</summary>
/// <param name="Fault"><see cref="ParamHeaderFault.None"/> when all is well.</param>
/// <param name="Header">The header with the fault; null when there is none, or when the arguments as a whole are at fault.</param>
public readonly record struct ParamHeaderVerdict(ParamHeaderFault Fault, ParamHeader? Header)
{
    /// <summary>There is no fault.</summary>
    public bool IsOk => Fault == ParamHeaderFault.None;
}

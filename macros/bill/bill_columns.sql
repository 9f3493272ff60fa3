{% macro bill_columns() -%}
    {{ return([
        ('bill_billing_period_start_date', 'bill/BillingPeriodStartDate', false),
        ('bill_invoice_id', 'bill/InvoiceId', false),
        ('bill_payer_account_id', 'bill/PayerAccountId', false),
        ('line_item_currency_code', 'lineItem/CurrencyCode', false),
        ('line_item_line_item_type', 'lineItem/LineItemType', true),
        ('line_item_operation', 'lineItem/Operation', true),
        ('line_item_product_code', 'lineItem/ProductCode', true),
        ('line_item_resource_id', 'lineItem/ResourceId', false),
        ('line_item_unblended_cost', 'lineItem/UnblendedCost', true),
        ('line_item_usage_account_id', 'lineItem/UsageAccountId', true),
        ('line_item_usage_amount', 'lineItem/UsageAmount', true),
        ('line_item_usage_start_date', 'lineItem/UsageStartDate', true),
        ('line_item_usage_type', 'lineItem/UsageType', true),
        ('pricing_public_on_demand_cost', 'pricing/publicOnDemandCost', false),
        ('pricing_rate_code', 'pricing/RateCode', false),
        ('product_sku', 'product/sku', false),
    ]) }}
{%- endmacro %}
